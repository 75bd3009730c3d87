import type { FastifyReply, FastifyRequest, FastifySchema } from 'fastify';
import { Type } from 'typebox';
import type { Api } from '../routes/route.ts';
import { sendJson } from './json.ts';
import { checkVersion } from './negotiation.ts';
import { RoutingError } from './routing-error.ts';

export const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
export type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

/** One method of one address. */
export interface Operation {
  readonly method: Method;
  /** Below `/v1/`. */
  readonly path: string;
  readonly schema: FastifySchema;
  readonly handle: (request: FastifyRequest, reply: FastifyReply) => unknown;
}

const FAULT = Type.Object(
  { error_message: Type.String({ description: 'A JSON document: faultcode, faultstring, debuginfo.' }) },
  { title: 'Fault' },
);

const VERSION = Type.Object({
  'openstack-api-version': Type.Optional(
    Type.String({ description: 'infra-optim 1.0 to 1.7, or latest; without it 1.0.' }),
  ),
});

/**
 * Serves the operations of one resource. Other methods of its addresses are answered 405 with those that the resource has,
 * before anything of the request is looked at; OPTIONS is answered with nothing.
 */
export function serveResource(api: Api, tag: string, operations: readonly Operation[]): void {
  const ofItems = operations.filter(({ path }) => !isBelowItem(path));
  const allow = [...new Set(ofItems.map(({ method }) => method))].sort().join(', ');
  for (const { method, path, schema, handle } of operations) {
    api.route({
      method,
      url: `/${path}`,
      exposeHeadRoute: false,
      schema: {
        tags: [`v1 ${tag}`],
        headers: VERSION,
        ...schema,
        response: { ...(schema.response as object), '4xx': FAULT, '5xx': FAULT },
      },
      onRequest: checkVersion,
      handler: async (request, reply) => {
        const answer = await handle(request, reply);
        return sendJson(reply, answer);
      },
    });
  }
  for (const path of new Set(operations.map((operation) => operation.path))) {
    const served = new Set<string>(
      operations.filter((operation) => operation.path === path).map(({ method }) => method),
    );
    api.route({
      method: METHODS.filter((method) => !served.has(method)),
      url: `/${path}`,
      schema: { hide: true },
      onRequest: async (_, reply) => {
        reply.header('allow', allow);
        throw new RoutingError(405);
      },
      handler: () => undefined,
    });
    api.route({
      method: 'OPTIONS',
      url: `/${path}`,
      schema: { hide: true },
      handler: (_, reply) => reply.code(200).send(),
    });
  }
}

/** Such as `action_plans/:ident/start`, which is no method of the collection. */
function isBelowItem(path: string): boolean {
  return path.includes(':ident/');
}
