import type { FastifyRequest } from 'fastify';
import type { Rule } from '../../identity/policy.ts';
import { answerSchema, postSchema } from './attribute.ts';
import { type Given, readBody } from './body.ts';
import { enforce, type V1 } from './context.ts';
import { hostUrl, itemLinks } from './links.ts';
import { type PatchOperation, type PatchRules, readPatch } from './patch.ts';
import { type Filters, IDENT, itemOf, type Resource, showItem } from './resource.ts';
import type { Operation } from './serve.ts';

/** How things of a kind are made. */
interface Creation<R> {
  /** What texts call the body. */
  readonly argument: string;
  readonly create: (given: Given, request: FastifyRequest) => Promise<R>;
}

/** `POST` to the collection. The body is read before anybody is refused, as everywhere in this API. */
export function createOperation<R, F extends Filters>(
  resource: Resource<R, F>,
  v1: V1,
  { argument, create }: Creation<R>,
): Operation {
  const { attributes, collection, kind, markerOf, rule } = resource;
  return {
    method: 'POST',
    path: collection,
    schema: {
      summary: `${kind}: create`,
      body: postSchema(attributes, `New${kind}`),
      response: { 201: answerSchema(attributes, kind) },
    },
    handle: async (request, reply) => {
      const given = readBody(request.body, attributes, argument);
      enforce(v1, request, `${rule}:create` as Rule);
      const made = await create(given, request);
      const [self] = itemLinks(hostUrl(request), collection, markerOf(made));
      reply.code(201).header('location', self?.href);
      return showItem(resource, made, request);
    },
  };
}

/** How things of a kind are changed. */
interface Changing<R> {
  /** In the description of the API. */
  readonly summary: string;
  readonly description?: string;
  readonly rules: PatchRules;
  /** Refuses a request before anything of it is looked at. */
  readonly refuse?: (request: FastifyRequest) => void;
  readonly change: (record: R, patch: readonly PatchOperation[], request: FastifyRequest) => Promise<R>;
}

/** `PATCH` of an item. */
export function changeOperation<R, F extends Filters>(
  resource: Resource<R, F>,
  v1: V1,
  { summary, description, rules, refuse, change }: Changing<R>,
): Operation {
  const { attributes, collection, kind, rule } = resource;
  return {
    method: 'PATCH',
    path: `${collection}/:ident`,
    schema: {
      summary: `${kind}: ${summary}`,
      ...(description === undefined ? {} : { description }),
      params: IDENT,
      response: { 200: answerSchema(attributes, kind) },
    },
    handle: async (request) => {
      refuse?.(request);
      const patch = readPatch(request.body, rules);
      const record = itemOf(resource, request);
      enforce(v1, request, `${rule}:update` as Rule);
      const unchanged = patch.length === 0 && rules.mayBeEmpty === true;
      return showItem(resource, unchanged ? record : await change(record, patch, request), request);
    },
  };
}

/** `DELETE` of an item. */
export function deleteOperation<R, F extends Filters>(
  resource: Resource<R, F>,
  v1: V1,
  summary: string,
  remove: (record: R, request: FastifyRequest) => Promise<unknown>,
): Operation {
  const { collection, kind, rule } = resource;
  return {
    method: 'DELETE',
    path: `${collection}/:ident`,
    schema: { summary: `${kind}: ${summary}`, params: IDENT },
    handle: async (request, reply) => {
      const record = itemOf(resource, request);
      enforce(v1, request, `${rule}:delete` as Rule);
      await remove(record, request);
      reply.code(204);
    },
  };
}
