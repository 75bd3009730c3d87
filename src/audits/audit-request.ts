import type { AutomationLevel } from '../../streams/sla/rule.ts';
import type { BreachTrigger, Parameters, ScopeSpec } from './audit.ts';

/** The kind under which requests lie in the ledger. */
export const AUDIT_REQUEST = 'audit_request';

/**
 * What a breach leaves in the ledger, under the uuid that its audit will have: the engine makes the audit and removes the request
 * in the same transaction, so that each is answered once, by whichever process acts.
 */
export type AuditRequest = {
  readonly trigger: BreachTrigger;
  readonly goal: string;
  readonly strategy: string | null;
  readonly parameters: Parameters;
  readonly scope: ScopeSpec;
  readonly automation: AutomationLevel;
  /** What was breached, in a sentence. */
  readonly reason: string;
  /** When, in milliseconds since 1970. */
  readonly at: number;
};
