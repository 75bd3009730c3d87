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

/**
 * While a plan is carried out the cloud is not what it will be: only an audit with `force` is run then. What Vigil started by
 * itself needs a model that can be trusted; a person may ask for an audit at any time.
 */
export function mayRunNow(audit: Audit, book: Book, distrust: readonly string[]): Admission {
  const { auditType, force, trigger } = audit;
  const running = force ? undefined : [...book.plans.all()].find(({ state }) => RUNNING_PLANS.includes(state));
  if (running !== undefined) {
    const reason = `Action plan ${running.uuid} is being carried out.`;
    return { kind: auditType === 'ONESHOT' ? 'cancel' : 'skip', reason };
  }
  const [doubt] = distrust;
  if (doubt === undefined || (auditType === 'ONESHOT' && trigger === null)) return { kind: 'run' };
  const reason = `Not run: ${distrust.join('; ')}.`;
  return { kind: auditType === 'ONESHOT' ? 'wait' : 'skip', reason };
}
