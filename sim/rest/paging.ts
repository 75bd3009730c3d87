import { badRequest } from './errors.ts';

/** nova's `[api] max_limit`. */
export const MAX_LIMIT = 1000;

/** One page of a list. */
export interface Page<T> {
  readonly items: readonly T[];
  /** Set when there may be more. */
  readonly next: string | null;
}

/** `limit`, at most {@link MAX_LIMIT}. @throws ApiError 400 when it is no number */
export function limitOf(query: URLSearchParams): number {
  const text = query.get('limit');
  if (text === null) return MAX_LIMIT;
  if (!/^\d{1,9}$/.test(text)) {
    throw badRequest(`Invalid input for query parameters limit. Value: ${text}. It is not a non-negative integer.`);
  }
  return Math.min(Number(text), MAX_LIMIT);
}

/** The first `limit` items, and as nova does it a link to the next page whenever this one is full. */
export function pageOf<T>(
  items: Iterable<T>,
  query: URLSearchParams,
  url: string,
  idOf: (item: T) => string | number,
): Page<T> {
  const limit = limitOf(query);
  const page: T[] = [];
  for (const item of items) {
    if (page.length === limit) break;
    page.push(item);
  }
  const last = page.at(-1);
  if (last === undefined || page.length < limit) return { items: page, next: null };
  const next = new URLSearchParams(query);
  next.set('marker', String(idOf(last)));
  return { items: page, next: `${url}?${next}` };
}

/** The members of a page's answer: the collection, and its link when there is one. */
export function collection<T>(name: string, page: Page<T>, view: (item: T) => object): object {
  const links = page.next === null ? {} : { [`${name}_links`]: [{ rel: 'next', href: page.next }] };
  return { [name]: page.items.map(view), ...links };
}

/** What comes after the marker. @throws ApiError 400 when nothing has that id */
export function afterMarker<T>(
  items: readonly T[],
  query: URLSearchParams,
  idOf: (item: T) => string | number,
): readonly T[] {
  const marker = query.get('marker');
  if (marker === null) return items;
  const place = items.findIndex((item) => String(idOf(item)) === marker);
  if (place < 0) throw badRequest(`marker [${marker}] not found`);
  return items.slice(place + 1);
}
