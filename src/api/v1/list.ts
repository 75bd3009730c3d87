import { type TProperties, Type } from 'typebox';
import { Fault } from './fault.ts';

/** What items can be sorted by; null comes first, as in the data bases that clients of this API know. */
export type SortValue = string | number | boolean | null;
export type SortKey<R> = (record: R) => SortValue;

/** A page of records in the order of a key (null: of their numbers), then of their numbers. */
export interface PageQuery<R> {
  readonly sortKey: SortKey<R> | null;
  readonly direction: 'asc' | 'desc';
  /** The last record of the page before; null for the first page. */
  readonly marker: R | null;
  readonly limit: number;
  /** Whether soft-deleted records are wanted as well. */
  readonly deleted: boolean;
  readonly where?: (record: R) => boolean;
}

/** A kind of item as lists see it. */
export interface Listed<R> {
  /** What the marker names: a uuid, or a number. */
  readonly markerOf: (record: R) => string | number;
  /** Keys that a page is cut by. */
  readonly stored: { readonly [key: string]: SortKey<R> };
  /** Keys by which only the page itself is put in order, after it was cut by the number of its items. */
  readonly computed: { readonly [key: string]: SortKey<R> };
}

/** What a list is asked for, checked. */
export interface Order {
  readonly limit: number;
  readonly key: string;
  readonly descending: boolean;
}

export const LIST_ARGUMENTS = { limit: 'integer', sort_key: 'text', sort_dir: 'text' } as const;

export const LIST_QUERY: TProperties = {
  limit: Type.Optional(Type.Integer({ minimum: 1, description: 'Items on a page, at most.' })),
  marker: Type.Optional(Type.String({ description: 'Begin after this item.' })),
  sort_key: Type.Optional(Type.String({ default: 'id', description: 'Sort by this.' })),
  sort_dir: Type.Optional(Type.String({ enum: ['asc', 'desc'], default: 'asc', description: 'In this direction.' })),
};

export function readOrder<R>(
  given: { readonly limit: number | null; readonly sort_key: string | null; readonly sort_dir: string | null },
  listed: Listed<R>,
  maxLimit: number,
): Order {
  const { limit, sort_key, sort_dir } = given;
  const key = sort_key ?? 'id';
  if (!Object.hasOwn(listed.stored, key) && !Object.hasOwn(listed.computed, key))
    throw new Fault('invalid-sort-key', { key });
  if (limit !== null && limit <= 0) throw new Fault('limit-not-positive');
  if (sort_dir !== null && sort_dir !== 'asc' && sort_dir !== 'desc')
    throw new Fault('invalid-sort-direction', { direction: sort_dir });
  return { limit: Math.min(limit ?? maxLimit, maxLimit), key, descending: sort_dir === 'desc' };
}

export interface Page<R> {
  readonly items: readonly R[];
  /** The marker of the next page; null when this one is not full. */
  readonly next: string | number | null;
}

/** One page, as `cut` gives it, in the order asked for. */
export function orderedPage<R>(
  { limit, key, descending }: Order,
  rest: Pick<PageQuery<R>, 'marker' | 'deleted' | 'where'>,
  listed: Listed<R>,
  cut: (query: PageQuery<R>) => readonly R[],
): Page<R> {
  const computed = Object.hasOwn(listed.computed, key) ? listed.computed[key] : undefined;
  const sortKey = key === 'id' || computed !== undefined ? null : (listed.stored[key] ?? null);
  const direction = descending && computed === undefined ? 'desc' : 'asc';
  const items = cut({ ...rest, sortKey, direction, limit });
  const last = items.at(-1);
  const next = items.length === limit && last !== undefined ? listed.markerOf(last) : null;
  if (computed === undefined) return { items, next };
  const byUuid = (record: R): SortValue => String(listed.markerOf(record));
  const sign = descending ? -1 : 1;
  return { items: items.toSorted((a, b) => sign * (compare(computed, a, b) || compare(byUuid, a, b))), next };
}

/** A page of few records, which are looked at one by one. */
export function pageOf<R extends { readonly id: number }>(records: readonly R[], query: PageQuery<R>): readonly R[] {
  const { sortKey, direction, marker, limit, where } = query;
  const sign = direction === 'desc' ? -1 : 1;
  const order = (a: R, b: R): number => sign * ((sortKey === null ? 0 : compare(sortKey, a, b)) || a.id - b.id);
  return records
    .filter((record) => (where === undefined || where(record)) && (marker === null || order(record, marker) > 0))
    .sort(order)
    .slice(0, limit);
}

function compare<R>(keyOf: SortKey<R>, a: R, b: R): number {
  const [one, other] = [keyOf(a), keyOf(b)];
  if (one === other) return 0;
  if (one === null || other === null) return one === null ? -1 : 1;
  return one < other ? -1 : 1;
}
