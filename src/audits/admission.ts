import type { Audit } from './audit.ts';
import type { Book } from './book.ts';
import { RUNNING_PLANS } from './states.ts';

/** Whether an audit whose turn it is may be run. */
export type Admission =
  | { readonly kind: 'run' }
  /** Later, when the reason is gone. */
  | { readonly kind: 'wait'; readonly reason: string }
  /** Not this turn; the next one comes. */
  | { readonly kind: 'skip'; readonly reason: string }
  /** Never. */
  | { readonly kind: 'cancel'; readonly reason: string };

/** What was called for, by a breach or a webhook, does not wait longer for a model that can be trusted. */
const PATIENCE_MILLIS = 900_000;

/**
 * While a plan is carried out the cloud is not what it will be: only an audit with `force` is run then. What comes by itself
 * needs a model that can be trusted, and waits for it when it was called for; a person may ask for an audit at any time.
 */
export function mayRunNow(audit: Audit, book: Book, distrust: readonly string[], now: number): Admission {
  const { auditType, force, trigger, createdAt, calledAt } = audit;
  const inVain = auditType === 'ONESHOT' ? 'cancel' : 'skip';
  const running = force ? undefined : [...book.plans.all()].find(({ state }) => RUNNING_PLANS.includes(state));
  if (running !== undefined) return { kind: inVain, reason: `Action plan ${running.uuid} is being carried out.` };
  const [doubt] = distrust;
  if (doubt === undefined || (auditType === 'ONESHOT' && trigger === null)) return { kind: 'run' };
  const mayWait = auditType !== 'CONTINUOUS' && now - (calledAt ?? createdAt) < PATIENCE_MILLIS;
  return { kind: mayWait ? 'wait' : inVain, reason: `Not run: ${distrust.join('; ')}.` };
}
