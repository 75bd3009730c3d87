import type { Book } from '../audits/book.ts';
import { SLA_FIRING, SLA_INCIDENT, SLA_OBJECTIVE } from './incident-record.ts';
import { SLA_RULE } from './rule-book.ts';
import { SLA_SILENCE } from './silence.ts';

/** Every kind of record that rules keep. */
export const SLA_KINDS = [SLA_RULE, SLA_SILENCE, SLA_INCIDENT, SLA_FIRING, SLA_OBJECTIVE] as const;

const RUNNING: ReadonlySet<string> = new Set(['PENDING', 'ONGOING']);

/** What is being done about a rule already, in words; null when nothing is. */
export function underWay(rule: string, book: Book): string | null {
  for (const [id, { trigger }] of book.requests) {
    if (trigger.rule === rule) return `the audit request ${id} waits for the engine`;
  }
  for (const { uuid, trigger, state } of book.audits.all()) {
    if (trigger?.rule !== rule) continue;
    if (RUNNING.has(state)) return `the audit ${uuid} is ${state}`;
    const plan = book.plans.ofAudit(uuid).find((one) => RUNNING.has(one.state));
    if (plan !== undefined) return `the action plan ${plan.uuid} is ${plan.state}`;
  }
  return null;
}
