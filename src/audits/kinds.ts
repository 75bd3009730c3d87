import type { Action } from './action.ts';
import type { ActionPlan } from './action-plan.ts';
import type { Audit } from './audit.ts';
import type { AuditTemplate } from './audit-template.ts';

/** The records clients see, by the kind under which they lie in the ledger; the ledger's id is the uuid. */
export type Kinds = {
  audit_template: AuditTemplate;
  audit: Audit;
  action_plan: ActionPlan;
  action: Action;
};

export type Kind = keyof Kinds;

export const KINDS: readonly Kind[] = ['audit_template', 'audit', 'action_plan', 'action'];

export function isKind(kind: string): kind is Kind {
  return (KINDS as readonly string[]).includes(kind);
}
