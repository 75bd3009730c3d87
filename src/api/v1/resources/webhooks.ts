import { Type } from 'typebox';
import { enforce, type V1 } from '../context.ts';
import { Fault } from '../fault.ts';
import { inOurWords } from '../refusals.ts';
import { IDENT, itemOf } from '../resource.ts';
import type { Operation } from '../serve.ts';
import { audits } from './audits.ts';

/** `POST /v1/webhooks/{audit}`: calls for a run of an EVENT audit. */
export function webhookOperations(v1: V1): readonly Operation[] {
  const resource = audits(v1);
  return [
    {
      method: 'POST',
      path: 'webhooks/:ident',
      schema: { summary: 'Call for a run of an EVENT audit', params: IDENT, body: Type.Unknown() },
      handle: async (request, reply) => {
        if (request.body === undefined) throw new Fault('missing-argument', { name: 'body' });
        enforce(v1, request, 'webhook:trigger');
        const { uuid, auditType, state } = itemOf(resource, request);
        if (auditType !== 'EVENT') throw new Fault('refused', { problem: `Audit type ${auditType} is disallowed.` });
        const disallowed = new Fault('refused', { problem: `Audit state ${state} is disallowed.` });
        await inOurWords(() => v1.desk.audits.call(uuid), { 'wrong-state': () => disallowed });
        reply.code(202);
      },
    },
  ];
}
