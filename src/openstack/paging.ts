import { ApiError, isApiError } from './errors.ts';

/** One page of a listing by markers. */
export interface Page<T> {
  readonly items: readonly T[];
}

/** How many items before the last one are tried when the service no longer knows the last as a marker. */
const MARKERS_TRIED = 5;
/** A listing is taken to go round in circles when it has more pages than this. */
const MAX_PAGES = 100_000;

/**
 * All pages of a listing by markers, each asked for while the one before is worked on, until an empty one (only the first may be empty): a page shorter than was asked for is no end, since a service has
 * a limit of its own and may leave out what it cannot reach just then. A marker that is not known any more (its thing was
 * purged meanwhile) is replaced by the one before it. A service that ignores markers gives everything at once. Throws ApiError, also when the listing does not come to an end.
 */
export async function* pagesByMarker<T, P extends Page<T>>(
  read: (marker: string | null) => Promise<P>,
  idOf: (item: T) => string,
  { ignoresMarkers = false }: { readonly ignoresMarkers?: boolean } = {},
): AsyncGenerator<P> {
  let page = await read(null);
  for (let pages = 1; ; pages++) {
    const ids = page.items.map(idOf);
    const next = ids.length === 0 ? null : readAfter(read, ids);
    // When it fails while the page is worked on, that is told when it is its turn.
    next?.catch(() => undefined);
    yield page;
    if (next === null) return;
    if (pages >= MAX_PAGES)
      throw new ApiError('unreadable', 'Listing by pages', `there is no end after ${pages} pages`);
    page = await next;
    if (page.items.length === 0) return;
    const again = page.items.every((item) => ids.includes(idOf(item)));
    if (again && ignoresMarkers) return;
    if (again)
      throw new ApiError('unreadable', 'Listing by pages', 'the page after a marker is the page before it again');
  }
}

async function readAfter<P>(read: (marker: string) => Promise<P>, ids: readonly string[]): Promise<P> {
  const markers = ids.slice(-MARKERS_TRIED).reverse();
  for (const [i, marker] of markers.entries()) {
    try {
      return await read(marker);
    } catch (error) {
      const last = i === markers.length - 1;
      if (last || !isApiError(error, 'refused', 'not-found') || !/marker/i.test(error.message)) throw error;
    }
  }
  throw new RangeError('a page without items has no marker');
}
