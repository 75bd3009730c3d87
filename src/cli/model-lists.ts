import type { ApiClient } from '../client/api-client.ts';
import type { Fields } from '../client/fields.ts';

const PAGE = 1_000;

/** The elements of a kind (`hosts`, `instances`) that pass the filters, at most `limit`, page by page. */
export async function readElements(
  api: ApiClient,
  kind: string,
  filters: URLSearchParams,
  limit = Number.POSITIVE_INFINITY,
): Promise<Fields[]> {
  const elements: Fields[] = [];
  let marker: string | null = null;
  do {
    const query = new URLSearchParams(filters);
    query.set('limit', String(Math.min(PAGE, limit - elements.length)));
    if (marker !== null) query.set('marker', marker);
    const answer = await api.get<{ next_marker: string | null } & Record<string, Fields[]>>(`/model/${kind}?${query}`);
    elements.push(...(answer[kind] ?? []));
    marker = answer.next_marker;
  } while (marker !== null && elements.length < limit);
  return elements;
}
