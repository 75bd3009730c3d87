import type { FastifyRequest } from 'fastify';
import type { Observable } from 'rxjs';
import { type TSchema, Type } from 'typebox';
import type { Rule } from '../../identity/policy.ts';
import { type Arguments, type ArgumentType, readArguments, readUuid } from './arguments.ts';
import { type Attribute, answerSchema, show } from './attribute.ts';
import { enforce, type V1 } from './context.ts';
import { Fault, type FaultCode } from './fault.ts';
import { KeptPages } from './kept-pages.ts';
import { hostUrl, itemLinks } from './links.ts';
import { LIST_ARGUMENTS, LIST_QUERY, type Listed, type Order, orderedPage, type PageQuery, readOrder } from './list.ts';
import type { Collection } from './paths.ts';
import type { Operation } from './serve.ts';

export type Filters = { readonly [name: string]: ArgumentType };

/** A kind of thing that can be listed and shown. */
export interface Resource<R, F extends Filters = Filters> extends Listed<R> {
  readonly collection: Collection;
  /** What texts call one: `AuditTemplate`. */
  readonly kind: string;
  /** What is answered when there is none of that name. */
  readonly absent?: FaultCode;
  /** The first part of the rules that guard it. */
  readonly rule: string;
  readonly attributes: readonly Attribute<R>[];
  readonly filters: F;
  /** Type of the marker; `marker` is passed to `find`. */
  readonly marker: ArgumentType;
  /** When items are named by uuid alone: what texts call it. */
  readonly uuidArgument?: string;
  /** A page of those that pass the filters. Throws Fault for filters that do not go together. */
  page(query: PageQuery<R>, filters: Arguments<F>): readonly R[];
  find(ident: string, deleted: boolean): R | undefined;
  /** Emits when an item may show something else; without it, whatever is asked for is looked up. */
  readonly changes$?: Observable<unknown>;
}

/** Whether soft-deleted things are wanted as well. */
export function showsDeleted(request: FastifyRequest): boolean {
  return request.headers['x-show-deleted'] !== undefined;
}

/** The item an address names. Throws Fault when there is none. */
export function itemOf<R, F extends Filters>(resource: Resource<R, F>, request: FastifyRequest): R {
  const { ident } = request.params as { ident: string };
  const named = resource.uuidArgument === undefined ? ident : readUuid(resource.uuidArgument, ident);
  return found(resource, named, request);
}

export function found<R, F extends Filters>(resource: Resource<R, F>, ident: string, request: FastifyRequest): R {
  const record = resource.find(ident, showsDeleted(request));
  if (record === undefined) throw absent(resource, ident);
  return record;
}

export function absent<R, F extends Filters>({ kind, absent: code = 'not-found' }: Resource<R, F>, id: string): Fault {
  return new Fault(code, { kind, id });
}

/** A full item, as answers to GET, POST and PATCH show it. */
export function showItem<R, F extends Filters>(resource: Resource<R, F>, record: R, request: FastifyRequest): object {
  return showIn(resource, record, request, false);
}

function showIn<R, F extends Filters>(
  { attributes, collection, markerOf }: Resource<R, F>,
  record: R,
  request: FastifyRequest,
  short: boolean,
): object {
  const links = itemLinks(hostUrl(request), collection, markerOf(record));
  return show(attributes, record, { minor: request.minor, short }, links);
}

/** Short list, detailed list and item of a resource. */
export function readOperations<R, F extends Filters>(resource: Resource<R, F>, v1: V1): readonly Operation[] {
  const { collection, kind, rule } = resource;
  const item = answerSchema(resource.attributes, kind);
  const listed = Type.Object({ [collection]: Type.Array(item), next: Type.Optional(Type.String()) });
  const querystring = querySchema(resource);
  return [
    {
      method: 'GET',
      path: collection,
      schema: { summary: `${kind}: list`, querystring, response: { 200: listed } },
      handle: listing(resource, v1, 'get_all'),
    },
    {
      method: 'GET',
      path: `${collection}/detail`,
      schema: { summary: `${kind}: list in full`, querystring, response: { 200: listed } },
      handle: listing(resource, v1, 'detail'),
    },
    {
      method: 'GET',
      path: `${collection}/:ident`,
      schema: { summary: `${kind}: show`, params: IDENT, response: { 200: item } },
      handle: (request) => {
        readArguments(request.query, {});
        const record = itemOf(resource, request);
        enforce(v1, request, `${rule}:get` as Rule);
        return showItem(resource, record, request);
      },
    },
    {
      method: 'GET',
      path: `${collection}/:ident/detail`,
      schema: { hide: true },
      handle: (request) => {
        const { ident } = request.params as { ident: string };
        throw new Fault('nothing-below', { kind, id: ident });
      },
    },
  ];
}

export const IDENT = Type.Object({ ident: Type.String({ description: 'Uuid, name or number.' }) });

function querySchema<R, F extends Filters>({ filters }: Resource<R, F>): TSchema {
  const own = Object.keys(filters).map((name) => [name, Type.Optional(Type.String({ description: 'Only of this.' }))]);
  return Type.Object({ ...Object.fromEntries(own), ...LIST_QUERY }, { additionalProperties: false });
}

function listing<R, F extends Filters>(
  resource: Resource<R, F>,
  v1: V1,
  view: 'get_all' | 'detail',
): (request: FastifyRequest) => Buffer {
  const { filters, rule, marker, changes$ } = resource;
  const kept = changes$ === undefined ? null : new KeptPages(changes$);
  return (request) => {
    const given = readArguments(request.query, { ...filters, ...LIST_ARGUMENTS, marker });
    enforce(v1, request, `${rule}:${view}` as Rule);
    const order = readOrder({ ...LIST_OPTIONS, ...given }, resource, v1.maxLimit);
    const write = (): Buffer => writePage(resource, order, given as Asked<F>, request, view);
    if (kept === null) return write();
    return kept.page([request.minor, hostUrl(request), showsDeleted(request), request.url].join(' '), write);
  };
}

type Asked<F extends Filters> = Arguments<F> & { readonly marker: string | number | null };

function writePage<R, F extends Filters>(
  resource: Resource<R, F>,
  order: Order,
  given: Asked<F>,
  request: FastifyRequest,
  view: 'get_all' | 'detail',
): Buffer {
  const { collection } = resource;
  const { key, descending, limit } = order;
  const marker = given.marker === null ? null : found(resource, String(given.marker), request);
  const wanted = { marker, deleted: showsDeleted(request) };
  const page = orderedPage(order, wanted, resource, (query) => resource.page(query, given));
  const items = page.items.map((record) => showIn(resource, record, request, view === 'get_all'));
  const path = view === 'detail' ? `${collection}/detail` : collection;
  const next = `${hostUrl(request)}/v1/${path}?sort_key=${key}&sort_dir=${descending ? 'desc' : 'asc'}&limit=${limit}&marker=${page.next}`;
  return Buffer.from(JSON.stringify(page.next === null ? { [collection]: items } : { [collection]: items, next }));
}

const LIST_OPTIONS = { limit: null, sort_key: null, sort_dir: null };
