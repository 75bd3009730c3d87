import type { Logger } from 'pino';
import { firstValueFrom, merge, take, timer } from 'rxjs';
import { ActionRun } from '../actions/action-run.ts';
import { LeaseLost, type Outcome } from '../actions/outcome.ts';
import { touchesCloud } from '../actions/procedures.ts';
import type { ActionTools } from '../actions/tools.ts';
import type { Action, Intent } from '../audits/action.ts';
import { type ActionPlan, isAutomatic } from '../audits/action-plan.ts';
import type { Book } from '../audits/book.ts';
import type { Term } from '../audits/leader.ts';
import { cancelWaiting } from '../audits/plan-service.ts';
import { APPLIER, moved } from '../audits/record.ts';
import { ENDED_ACTIONS } from '../audits/states.ts';
import type { EngineConfig } from '../config/schema/engine.ts';
import type { Interruptions } from './interruptions.ts';
import type { Pace } from './pace.ts';
import { endOf, nextActions, whyGivenUp } from './progress.ts';

export interface PlanRunParts {
  readonly book: Book;
  readonly tools: ActionTools;
  readonly interruptions: Interruptions;
  readonly pace: Pace;
  readonly log: Logger;
  readonly now: () => number;
  readonly rule: EngineConfig['execution_rule'];
  /** Why nothing may be done automatically now, one sentence each. */
  readonly reasons: () => readonly string[];
  /** Whether the breaches a plan was made for are over already. */
  readonly hasRecovered: (plan: ActionPlan) => boolean;
}

/** Why a plan is retired whose breaches are over before anything was moved. */
export const NEEDLESS = 'The breach it was made for is over.';

/** What keeps an action from beginning is looked at again so often. */
const LOOK_AGAIN_MILLIS = 1_000;

/** Carries out one plan: begins each action once those it waits for have ended, as far as limits and the fail safe admit. */
export class PlanRun {
  readonly #uuid: string;
  readonly #parts: PlanRunParts;
  readonly #term: Term;
  readonly #cancel = new AbortController();
  readonly #running = new Map<string, Promise<void>>();

  constructor(uuid: string, parts: PlanRunParts, term: Term) {
    this.#uuid = uuid;
    this.#parts = parts;
    this.#term = term;
  }

  /** Until the plan has ended; throws {@link LeaseLost} when it is another process's to go on with. */
  async run(): Promise<void> {
    const { book } = this.#parts;
    try {
      for (;;) {
        if (this.#term.signal.aborted) throw new LeaseLost();
        // From before looking, so that nothing happens unseen meanwhile.
        const news = firstValueFrom(merge(book.changed$, timer(LOOK_AGAIN_MILLIS)).pipe(take(1)));
        const plan = book.plans.get(this.#uuid);
        if (plan === undefined || (plan.state !== 'ONGOING' && plan.state !== 'CANCELLING')) return;
        if (this.#isNeedless(plan)) {
          await this.#giveUp(NEEDLESS);
          continue;
        }
        if (plan.state === 'CANCELLING') await this.#stop(plan);
        await this.#advance(plan);
        if (this.#running.size === 0 && this.#actions().every(({ state }) => ENDED_ACTIONS.includes(state))) {
          await this.#end();
          return;
        }
        await Promise.race([news, ...this.#running.values()]);
      }
    } finally {
      await Promise.allSettled(this.#running.values());
    }
  }

  #actions(): readonly Action[] {
    return this.#parts.book.actions.ofPlan(this.#uuid);
  }

  async #stop(plan: ActionPlan): Promise<void> {
    if (this.#cancel.signal.aborted) return;
    const because = { reason: whyGivenUp(plan) ?? 'The plan is cancelled.', by: APPLIER, at: this.#parts.now() };
    // First, so that nova is not asked for what is being cancelled.
    this.#cancel.abort();
    await this.#write((changes) => cancelWaiting(changes, this.#parts.book, this.#uuid, because));
  }

  /** Begins what may begin, takes up what a process that is gone had begun, and cancels what can never begin. */
  async #advance(plan: ActionPlan): Promise<void> {
    const { begin, resume, cancel } = nextActions(this.#actions(), this.#parts.rule);
    for (const { action, reason } of cancel) await this.#keepEnd(action.uuid, { state: 'CANCELLED', message: reason });
    for (const action of resume) this.#start(action, plan);
    let waiting: string | null = null;
    for (const action of begin) {
      if (this.#running.has(action.uuid) || this.#cancel.signal.aborted) continue;
      const hold = this.#hold(action, plan);
      if (hold === null) this.#start(action, plan);
      else waiting ??= hold;
    }
    const message = waiting ?? plan.note;
    if (plan.state === 'ONGOING' && plan.statusMessage !== message) await this.#say(message);
  }

  /** A plan that was held back until nobody needs it any more moves nothing; one that has begun is gone through with. */
  #isNeedless(plan: ActionPlan): boolean {
    if (plan.state !== 'ONGOING' || !isAutomatic(plan) || this.#running.size > 0) return false;
    return this.#actions().every(({ state }) => state === 'PENDING') && this.#parts.hasRecovered(plan);
  }

  async #giveUp(reason: string): Promise<void> {
    await this.#write((changes) => {
      const plan = changes.get('action_plan', this.#uuid);
      if (plan?.state !== 'ONGOING') return;
      const because = { reason, by: APPLIER, at: this.#parts.now() };
      changes.put('action_plan', { ...moved(plan, 'CANCELLING', because), statusMessage: reason });
    });
  }

  #hold(action: Action, plan: ActionPlan): string | null {
    const { interruptions, reasons, pace, now } = this.#parts;
    const why = isAutomatic(plan) && touchesCloud(action) ? [...reasons()] : [];
    const tooMany = isAutomatic(plan) ? pace.hold(action, now()) : null;
    if (tooMany !== null) why.push(tooMany);
    if (why.length > 0) return `Held: ${why.join('; ')}.`;
    const limit = interruptions.hold(action);
    return limit === null ? null : `Waiting: ${limit}`;
  }

  #start(action: Action, plan: ActionPlan): void {
    if (this.#running.has(action.uuid)) return;
    const { interruptions, pace, now, book } = this.#parts;
    interruptions.begin(action);
    if (isAutomatic(plan) && action.intent === null) pace.begin(action, now());
    const running = this.#carryOut(action, plan).finally(() => {
      interruptions.end(action);
      if (book.actions.get(action.uuid)?.intent === null) pace.undo(action);
      this.#running.delete(action.uuid);
    });
    running.catch(() => undefined); // the term ends with it, which the loop sees
    this.#running.set(action.uuid, running);
  }

  async #carryOut(action: Action, plan: ActionPlan): Promise<void> {
    const { tools, log } = this.#parts;
    if (!touchesCloud(action) && action.state === 'PENDING') await this.#keepBegin(action.uuid, null);
    const run = new ActionRun(this.#parts.book.actions.get(action.uuid) ?? action, tools, {
      term: this.#term,
      cancel: this.#cancel.signal,
      automatic: isAutomatic(plan),
      keep: (intent) => this.#keepBegin(action.uuid, intent),
    });
    let outcome: Outcome;
    try {
      outcome = await run.run();
    } catch (error) {
      if (error instanceof LeaseLost || this.#term.signal.aborted) throw new LeaseLost();
      log.error({ err: error, action: action.uuid }, 'an action failed for a reason nobody foresaw');
      outcome = { state: 'FAILED', message: `Action failed in execute: ${(error as Error).message}` };
    }
    await this.#keepEnd(action.uuid, outcome);
  }

  /** The action is under way from now on; an intent says what nova is about to be asked. */
  async #keepBegin(uuid: string, intent: Intent | null): Promise<void> {
    await this.#write((changes) => {
      const action = changes.get('action', uuid);
      // Cancelled while it was looked whether it may begin: nova will not be asked.
      if (action === undefined || ENDED_ACTIONS.includes(action.state)) return;
      const reason = intent === null ? 'it is its turn' : `nova is asked to ${intent.call}`;
      const because = { reason, by: APPLIER, at: this.#parts.now() };
      const ongoing = action.state === 'PENDING' ? moved(action, 'ONGOING', because) : action;
      changes.put('action', { ...ongoing, intent, updatedAt: because.at });
    });
  }

  async #keepEnd(uuid: string, { state, message }: Outcome): Promise<void> {
    this.#parts.log.info({ action: uuid, plan: this.#uuid, state }, message ?? `the action has ended: ${state}`);
    await this.#write((changes) => {
      const action = changes.get('action', uuid);
      if (action === undefined || ENDED_ACTIONS.includes(action.state)) return;
      const because = { reason: message ?? 'the model shows it', by: APPLIER, at: this.#parts.now() };
      changes.put('action', { ...moved(action, state, because), statusMessage: message });
    });
  }

  async #end(): Promise<void> {
    await this.#write((changes) => {
      const plan = changes.get('action_plan', this.#uuid);
      if (plan === undefined) return;
      const { state, message } = endOf(plan, this.#actions());
      const because = { reason: message ?? 'all its actions have ended', by: APPLIER, at: this.#parts.now() };
      changes.put('action_plan', { ...moved(plan, state, because), statusMessage: message });
    });
  }

  async #say(statusMessage: string | null): Promise<void> {
    if (statusMessage !== null)
      this.#parts.log.info({ plan: this.#uuid }, `the plan does not go on now. ${statusMessage}`);
    await this.#write((changes) => {
      const plan = changes.get('action_plan', this.#uuid);
      if (plan?.state === 'ONGOING')
        changes.put('action_plan', { ...plan, statusMessage, updatedAt: this.#parts.now() });
    });
  }

  async #write(compose: Parameters<Book['change']>[0]): Promise<void> {
    if (!(await this.#parts.book.change(compose, this.#term.lease))) throw new LeaseLost();
  }
}
