import type { Identity } from './identity.ts';

/** Stands among roles for whoever asks, also without saying who they are. */
export const ANYONE = 'anyone';

const ADMINS = ['admin', 'administrator'] as const;

/** The actions of each kind of resource of API v1 that a rule is for: `audit:create`. */
const READING = ['get_all', 'detail', 'get'] as const;
const RESOURCES = {
  goal: READING,
  strategy: [...READING, 'state'],
  audit: [...READING, 'create', 'update', 'delete'],
  audit_template: [...READING, 'create', 'update', 'delete'],
  action_plan: [...READING, 'update', 'delete', 'start'],
  action: [...READING, 'update'],
  scoring_engine: READING,
  service: READING,
  data_model: ['get_all'],
} as const;

type Resources = typeof RESOURCES;
export type ResourceRule = { [R in keyof Resources]: `${R}:${Resources[R][number]}` }[keyof Resources];

const RESOURCE_RULES = Object.fromEntries(
  Object.entries(RESOURCES).flatMap(([resource, actions]) =>
    actions.map((action) => [`${resource}:${action}`, ADMINS]),
  ),
) as unknown as Record<ResourceRule, readonly string[]>;

/** Which roles may do what; a configuration overrides single rules. */
export const POLICY = {
  ...RESOURCE_RULES,
  'webhook:trigger': [...ADMINS, 'service'],
  /** Everything that Vigil knows of the cloud: model, changes, drift. */
  'model:read': [...ADMINS, 'service'],
  /** The instances of the caller's own project, in lists and in the stream of changes. */
  'model:read_project': ['member', 'reader'],
  /** Whatever changes how the model is kept. */
  'model:write': ADMINS,
  'events:read': [...ADMINS, 'service'],
  /** What happens to the instances of the caller's own project. */
  'events:read_project': ['member', 'reader'],
  'events:write': [...ADMINS, 'service'],
  'sla:read': [...ADMINS, 'service'],
  /** Breaches of the instances of the caller's own project, and how rules see these. */
  'sla:read_project': ['member', 'reader'],
  'sla:write': ADMINS,
  'automation:read': [...ADMINS, 'service'],
  'automation:write': ADMINS,
  /** Measurements, for Prometheus. */
  'metrics:read': [ANYONE],
  /** Version documents, signs of life, the page's files and the description of the API. */
  'public:read': [ANYONE],
} as const satisfies Record<string, readonly string[]>;

export type Rule = keyof typeof POLICY;

export const RULES = Object.keys(POLICY) as readonly Rule[];

/** What of an area one may read who may not read all of it: what concerns the own project. */
export const PROJECT_RULES: { readonly [rule in Rule]?: Rule } = {
  'model:read': 'model:read_project',
  'events:read': 'events:read_project',
  'sla:read': 'sla:read_project',
};

/** Roles by rule, where an operator wants others. */
export type PolicyOverrides = { readonly [rule: string]: readonly string[] };

/** Decides who may do what. */
export class Policy {
  readonly #roles: ReadonlyMap<Rule, ReadonlySet<string>>;

  constructor(overrides: PolicyOverrides = {}) {
    this.#roles = new Map(RULES.map((rule) => [rule, new Set(overrides[rule] ?? POLICY[rule])]));
  }

  allows(rule: Rule, identity: Identity): boolean {
    const roles = this.#roles.get(rule);
    if (roles === undefined) return false;
    return roles.has(ANYONE) || identity.roles.some((role) => roles.has(role));
  }

  /** Whether a rule asks nobody who they are. */
  isOpen(rule: Rule): boolean {
    return this.#roles.get(rule)?.has(ANYONE) === true;
  }
}
