import { type TProperties, Type } from 'typebox';
import { Smallest } from '../query/smallest.ts';
import { Fault } from './fault.ts';

/** What items can be sorted by; null comes first, as in the data bases that clients of this API know. */
export type SortValue = string | number | boolean | null;

/** A kind of item as lists see it. */
export interface Listed<R> {
  readonly idOf: (record: R) => number;
  /** What the marker names: a uuid, or a number. */
  readonly markerOf: (record: R) => string | number;
  /** Keys that a page is cut by. */
  readonly stored: { readonly [key: string]: (record: R) => SortValue };
  /** Keys by which only the page itself is put in order, after it was cut by the number of its items. */
  readonly computed: { readonly [key: string]: (record: R) => SortValue };
}

export interface ListOptions {
  readonly limit: number | null;
  readonly sort_key: string | null;
  readonly sort_dir: string | null;
}

/** What a list is asked for, checked. */
export interface Ordered {
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

export function readOrder<R>({ limit, sort_key, sort_dir }: ListOptions, listed: Listed<R>, maxLimit: number): Ordered {
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

/**
 * One page of records, which are in the order of their numbers. In that order only what is on the page, and what is passed
 * over by the filter, is looked at, wherever the page begins; in another all records are, but only a page is kept.
 */
export function cutPage<R>(
  records: readonly R[],
  { limit, key, descending }: Ordered,
  after: R | null,
  listed: Listed<R>,
  matches: ((record: R) => boolean) | null,
): Page<R> {
  const computed = Object.hasOwn(listed.computed, key) ? listed.computed[key] : undefined;
  const stored = Object.hasOwn(listed.stored, key) ? listed.stored[key] : undefined;
  const byNumber = computed !== undefined || stored === undefined || key === 'id';
  const items = byNumber
    ? pageByNumber(records, limit, descending && computed === undefined, after, listed, matches)
    : pageByKey(records, limit, descending, after, listed, stored, matches);
  const last = items.at(-1);
  const next = items.length === limit && last !== undefined ? listed.markerOf(last) : null;
  if (computed === undefined) return { items, next };
  const sign = descending ? -1 : 1;
  const sorted = items.toSorted(
    (a, b) =>
      sign * (compare(computed(a), computed(b)) || compare(String(listed.markerOf(a)), String(listed.markerOf(b)))),
  );
  return { items: sorted, next };
}

function pageByNumber<R>(
  records: readonly R[],
  limit: number,
  descending: boolean,
  after: R | null,
  { idOf }: Listed<R>,
  matches: ((record: R) => boolean) | null,
): R[] {
  const step = descending ? -1 : 1;
  let at = descending ? records.length - 1 : 0;
  if (after !== null) at = placeOf(records, idOf(after), idOf) + (descending ? -1 : 0);
  if (after !== null && !descending) {
    const marked = records[at];
    if (marked !== undefined && idOf(marked) === idOf(after)) at += 1;
  }
  const items: R[] = [];
  for (; at >= 0 && at < records.length && items.length < limit; at += step) {
    const record = records[at];
    if (record !== undefined && (matches === null || matches(record))) items.push(record);
  }
  return items;
}

/** The place of the first record with that number or a greater one. */
function placeOf<R>(records: readonly R[], id: number, idOf: (record: R) => number): number {
  let low = 0;
  let high = records.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const record = records[middle];
    if (record !== undefined && idOf(record) < id) low = middle + 1;
    else high = middle;
  }
  return low;
}

function pageByKey<R>(
  records: readonly R[],
  limit: number,
  descending: boolean,
  after: R | null,
  { idOf }: Listed<R>,
  keyOf: (record: R) => SortValue,
  matches: ((record: R) => boolean) | null,
): readonly R[] {
  const sign = descending ? -1 : 1;
  const order = (a: R, b: R): number => sign * (compare(keyOf(a), keyOf(b)) || idOf(a) - idOf(b));
  const page = new Smallest<R>(limit, order);
  for (const record of records) {
    if (matches !== null && !matches(record)) continue;
    if (after === null || order(record, after) > 0) page.offer(record);
  }
  return page.take();
}

function compare(a: SortValue, b: SortValue): number {
  if (a === b) return 0;
  if (a === null) return -1;
  if (b === null) return 1;
  return a < b ? -1 : 1;
}
