import { VigilError } from '../errors.ts';
import type { Action } from './action.ts';
import type { ActionPlan } from './action-plan.ts';
import type { Book } from './book.ts';
import type { Changes } from './changes.ts';
import { type Actor, moved } from './record.ts';
import { PLAN_REQUESTS, PLAN_TRANSITIONS, type PlanState } from './states.ts';

/** From where a plan may be deleted. */
const DELETABLE = (Object.keys(PLAN_TRANSITIONS) as PlanState[]).filter((state) =>
  PLAN_TRANSITIONS[state].includes('DELETED'),
);
/** While nothing of a plan was done its actions may be skipped. */
const SKIPPABLE: readonly PlanState[] = ['RECOMMENDED', 'PENDING'];

/** What clients may do with action plans and their actions. Reading is done in the book. */
export class PlanService {
  readonly #book: Book;
  readonly #now: () => number;

  constructor(book: Book, now: () => number) {
    this.#book = book;
    this.#now = now;
  }

  /** @throws VigilError `action-plan-not-found` */
  find(uuid: string): ActionPlan {
    const plan = this.#book.plans.get(uuid);
    if (plan === undefined || plan.deletedAt !== null) throw new VigilError('action-plan-not-found', { id: uuid });
    return plan;
  }

  /** @throws VigilError `action-not-found` */
  findAction(uuid: string): Action {
    const action = this.#book.actions.get(uuid);
    if (action === undefined || action.deletedAt !== null) throw new VigilError('action-not-found', { id: uuid });
    return action;
  }

  /**
   * Has a plan carried out.
   *
   * @throws VigilError `wrong-state` unless it is RECOMMENDED
   */
  async start(uuid: string, by: Actor): Promise<ActionPlan> {
    await this.#book.change((changes) => {
      refuseState(this.find(uuid), ['RECOMMENDED'], 'started');
      this.#request(changes, uuid, 'PENDING', by);
    });
    return this.find(uuid);
  }

  /** Cancels a plan: at once when it is not running, else as soon as what is under way has been stopped. */
  async cancel(uuid: string, by: Actor): Promise<ActionPlan> {
    return this.setState(uuid, this.find(uuid).state === 'ONGOING' ? 'CANCELLING' : 'CANCELLED', by);
  }

  /** @throws VigilError `state-transition` for what clients may not ask */
  async setState(uuid: string, to: PlanState, by: Actor): Promise<ActionPlan> {
    await this.#book.change((changes) => this.#request(changes, uuid, to, by));
    return this.find(uuid);
  }

  /** @throws VigilError `wrong-state` while it waits to be carried out or is */
  async delete(uuid: string, by: Actor): Promise<void> {
    await this.#book.change((changes) => {
      const plan = this.find(uuid);
      refuseState(plan, DELETABLE, 'deleted');
      const because = { reason: 'deleted', by, at: this.#now() };
      changes.put('action_plan', { ...moved(plan, 'DELETED', because), deletedAt: because.at });
      for (const action of this.#book.actions.ofPlan(uuid)) {
        changes.put('action', { ...moved(action, 'DELETED', because), deletedAt: because.at });
      }
    });
  }

  /**
   * Has an action left out when its plan is carried out; doing so again changes the reason.
   *
   * @throws VigilError `state-transition`, `wrong-state` once it may have begun
   */
  async skip(uuid: string, reason: string | null, by: Actor): Promise<Action> {
    await this.#book.change((changes) => {
      const action = this.findAction(uuid);
      const statusMessage = reason === null ? 'Action skipped by user.' : `Action skipped by user. Reason: ${reason}`;
      const at = this.#now();
      if (action.state === 'SKIPPED') {
        if (reason !== null) changes.put('action', { ...action, statusMessage, updatedAt: at });
        return;
      }
      if (action.state !== 'PENDING') throw transition('Action', action, 'SKIPPED', ['PENDING']);
      const plan = this.#book.plans.get(action.planUuid);
      if (plan === undefined || !SKIPPABLE.includes(plan.state)) throw transition('Action', action, 'SKIPPED', []);
      // Written too, so that it cannot begin meanwhile.
      changes.put('action_plan', plan);
      changes.put('action', { ...moved(action, 'SKIPPED', { reason: statusMessage, by, at }), statusMessage });
    });
    return this.findAction(uuid);
  }

  #request(changes: Changes, uuid: string, to: PlanState, by: Actor): void {
    const plan = this.find(uuid);
    if (!PLAN_REQUESTS[plan.state].includes(to)) throw transition('Action plan', plan, to, PLAN_REQUESTS[plan.state]);
    const because = { reason: `asked for by ${by.name}`, by, at: this.#now() };
    const next = moved(plan, to, because);
    changes.put('action_plan', to === 'PENDING' ? { ...next, startedBy: by } : next);
    if (to === 'CANCELLED') cancelWaiting(changes, this.#book, uuid, because);
  }
}

/** Cancels the actions of a plan that have not begun. */
export function cancelWaiting(
  changes: Changes,
  book: Book,
  plan: string,
  because: { readonly reason: string; readonly by: Actor; readonly at: number },
): void {
  for (const action of book.actions.ofPlan(plan)) {
    if (action.state !== 'PENDING') continue;
    changes.put('action', { ...moved(action, 'CANCELLED', because), statusMessage: because.reason });
  }
}

type InState = { readonly uuid: string; readonly state: string };

function transition(kind: string, record: InState, to: string, possible: readonly string[]): VigilError {
  const { state: from, uuid: id } = record;
  return new VigilError('state-transition', { kind, id, from, to, possible: possible.join(', ') || 'none' });
}

function refuseState(plan: ActionPlan, allowed: readonly PlanState[], done: string): void {
  if (allowed.includes(plan.state)) return;
  const { state, uuid: id } = plan;
  throw new VigilError('wrong-state', { kind: 'Action plan', id, done, state, possible: allowed.join(', ') });
}
