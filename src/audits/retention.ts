import type { Book } from './book.ts';
import type { Term } from './leader.ts';
import { ENDED_PLANS } from './states.ts';

/** Records forgotten in one transaction, about. */
const BATCH = 200;

/** Forgets plans that ended before a time (milliseconds since 1970), with their actions, and what was deleted before it. */
export async function forgetOld(book: Book, before: number, term: Term): Promise<void> {
  const oldPlans = [...book.plans.all()].filter(
    (plan) => ENDED_PLANS.includes(plan.state) && (plan.updatedAt ?? plan.createdAt) < before,
  );
  for (let i = 0; i < oldPlans.length; i += BATCH) {
    await book.change((changes) => {
      for (const { uuid } of oldPlans.slice(i, i + BATCH)) {
        for (const action of book.actions.ofPlan(uuid)) changes.remove('action', action.uuid);
        changes.remove('action_plan', uuid);
      }
    }, term.lease);
  }
  await book.change((changes) => {
    for (const kind of ['audit', 'audit_template'] as const) {
      for (const { uuid, deletedAt } of [...book.table(kind).all()]) {
        if (deletedAt !== null && deletedAt < before) changes.remove(kind, uuid);
      }
    }
  }, term.lease);
}
