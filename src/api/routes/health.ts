import { type TSchema, Type } from 'typebox';
import type { ServiceState } from '../../service-state.ts';
import { type Api, ERROR_ANSWERS } from './route.ts';

const HEALTHY = Type.Object({ status: Type.Literal('ok') });
const READINESS = Type.Object({
  ready: Type.Boolean(),
  reasons: Type.Array(Type.String(), { description: 'Why it is not ready, one sentence each.' }),
});

/** `GET /healthz`: this process answers. `GET /readyz`: its answers can be relied upon. */
export function healthRoutes(api: Api, state: ServiceState): void {
  const healthz = { summary: 'Whether this process lives', tags: ['operation'], response: { 200: HEALTHY } };
  api.get('/healthz', { schema: healthz, config: { rateLimit: false } }, () => ({ status: 'ok' as const }));

  const response: Record<string, TSchema> = { 200: READINESS, 503: READINESS, '4xx': ERROR_ANSWERS['4xx'] };
  const readyz = {
    summary: 'Whether the model is synced and its sources are connected',
    tags: ['operation'],
    response,
  };
  api.get('/readyz', { schema: readyz, config: { rateLimit: false } }, (_, reply) => {
    // Those of a source that is not connected are among them.
    const { reasons } = state.freshness();
    const ready = reasons.length === 0;
    return reply.code(ready ? 200 : 503).send({ ready, reasons });
  });
}
