/** The collections of API v1, by the names their addresses have. */
export const COLLECTIONS = [
  'goals',
  'strategies',
  'audit_templates',
  'audits',
  'action_plans',
  'actions',
  'services',
  'scoring_engines',
  'data_model',
  'webhooks',
] as const;

export type Collection = (typeof COLLECTIONS)[number];

const NAMES: ReadonlySet<string> = new Set(COLLECTIONS);

/**
 * The address under which a request is routed: `/goals/dummy` is `/v1/goals/dummy` (clients keep such links), a slash or
 * `.json` at the end says nothing. Addresses of other APIs are left as they are: what Vigil names itself comes first.
 */
export function canonicalUrl(url: string): string {
  const [path = '', query] = split(url);
  const [, first = '', second = ''] = path.split('/');
  const rest = query === undefined ? '' : `?${query}`;
  const name = first.replace(/\.json$/, '');
  if (first === 'v1') return (trimmed(path) || '/') + rest;
  if (NAMES.has(name)) return `/v1${trimmed(path)}${rest}`;
  // Another version of this API: its first segment is taken for an item, which is not there.
  if (/^v\d/.test(first) && NAMES.has(second)) return `/v1/${second}/${first}${rest}`;
  return url;
}

function split(url: string): readonly [string, string?] {
  const mark = url.indexOf('?');
  return mark < 0 ? [url] : [url.slice(0, mark), url.slice(mark + 1)];
}

function trimmed(path: string): string {
  return path.replace(/\/+$/, '').replace(/\.json$/, '');
}
