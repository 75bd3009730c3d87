import type { FastifyRequest } from 'fastify';
import type { ScopeSpec } from '../../audits/audit.ts';
import type { Desk } from '../../audits/desk.ts';
import type { Policy, Rule } from '../../identity/policy.ts';
import type { ServiceState } from '../../service-state.ts';
import type { Catalog } from './catalog.ts';
import type { Shown } from './data-model-rows.ts';
import { Fault } from './fault.ts';

/** What the routes of API v1 work with. */
export interface V1 {
  readonly state: ServiceState;
  readonly catalog: Catalog;
  readonly desk: Desk;
  readonly policy: Policy;
  /** Most items on a page, and how many there are when no limit is given. */
  readonly maxLimit: number;
  /** What an audit of that scope may touch, now. */
  readonly scopeOf: (scope: ScopeSpec) => Shown;
  /** In milliseconds since 1970. */
  readonly now: () => number;
  /** When this process began, ISO 8601. */
  readonly since: string;
}

/** Refuses what the caller may not do. */
export function enforce({ policy }: V1, request: FastifyRequest, rule: Rule): void {
  if (!policy.allows(rule, request.identity)) throw new Fault('forbidden', { rule });
}
