import type { Rule } from './policy.ts';

/** Which rules guard the addresses below a path; reading is GET and HEAD. */
interface Guarded {
  readonly path: string;
  readonly read: Rule;
  readonly write: Rule;
}

/** The first that fits counts. API v1 asks for its rules itself, as it looks things up first. */
const GUARDED: readonly Guarded[] = [
  { path: '/model', read: 'model:read', write: 'model:write' },
  { path: '/events', read: 'events:read', write: 'events:write' },
  { path: '/sla', read: 'sla:read', write: 'sla:write' },
  { path: '/automation', read: 'automation:read', write: 'automation:write' },
  { path: '/plans', read: 'action_plan:detail', write: 'action_plan:update' },
  { path: '/metrics', read: 'metrics:read', write: 'metrics:read' },
];

/** Addresses that anybody may ask for: the version document, signs of life, the page's files, the API's description. */
const PUBLIC = ['/', '/healthcheck', '/healthz', '/readyz', '/page', '/docs', '/openapi.json'];

/** What must be known of a caller before an address is answered. */
export type Guard =
  /** That the rule allows it. */
  | { readonly kind: 'rule'; readonly rule: Rule }
  /** Who it is; what that one may do is looked at later. */
  | { readonly kind: 'known' };

/** What guards a route. An address that is not listed is for administrators: nothing is open by having been forgotten. */
export function guardOf(method: string, path: string): Guard {
  if (isBelow(path, '/v1/webhooks')) return { kind: 'rule', rule: 'webhook:trigger' };
  if (isBelow(path, '/v1')) return { kind: 'known' };
  if (PUBLIC.some((open) => path === open || (open !== '/' && isBelow(path, open))))
    return { kind: 'rule', rule: 'public:read' };
  const reads = method === 'GET' || method === 'HEAD';
  const guarded = GUARDED.find(({ path: prefix }) => isBelow(path, prefix));
  if (guarded === undefined) return { kind: 'rule', rule: 'model:write' };
  return { kind: 'rule', rule: reads ? guarded.read : guarded.write };
}

function isBelow(path: string, prefix: string): boolean {
  return path === prefix || path.startsWith(`${prefix}/`);
}
