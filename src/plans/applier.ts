import { LeaseLost } from '../actions/outcome.ts';
import { touchesCloud } from '../actions/procedures.ts';
import type { ActionPlan } from '../audits/action-plan.ts';
import type { Term } from '../audits/leader.ts';
import { cancelWaiting } from '../audits/plan-service.ts';
import { type Actor, APPLIER, moved } from '../audits/record.ts';
import { RUNNING_PLANS } from '../audits/states.ts';
import type { AutomationConfig } from '../config/schema/engine.ts';
import { whyOvertaken } from './overtaken.ts';
import { whyAsk } from './partial.ts';
import { NEEDLESS, PlanRun, type PlanRunParts } from './plan-run.ts';

export interface ApplierParts extends PlanRunParts {
  /** Names this process to clients. */
  readonly hostname: string;
  readonly automation: AutomationConfig;
  /** Seconds after which a plan that nobody started is superseded. */
  readonly expiry: number;
}

/** Plans carried out at once. */
const AT_ONCE = 4;
const MILLIS = 1_000;

/** Starts plans that are to be carried out without asking, carries plans out, and retires those that are of no use any more. */
export class Applier {
  readonly #parts: ApplierParts;
  readonly #running = new Map<string, Promise<void>>();

  constructor(parts: ApplierParts) {
    this.#parts = parts;
  }

  /** Looks at everything once; what takes long goes on by itself. To be called again after each change, and at times. */
  async look(term: Term): Promise<void> {
    for (const plan of [...this.#parts.book.plans.all()]) {
      if (term.signal.aborted) return;
      if (plan.deletedAt !== null) continue;
      if (plan.state === 'RECOMMENDED') await this.#consider(plan, term);
      else if (plan.state === 'PENDING' && this.#running.size < AT_ONCE) await this.#take(plan, term);
      else if (RUNNING_PLANS.includes(plan.state)) this.#run(plan, term);
    }
  }

  /** Resolves when nothing is being done any more. */
  async ended(): Promise<void> {
    await Promise.allSettled(this.#running.values());
  }

  /** A plan that nobody started: retired when it is too old, impossible or needless, started when nobody need be asked. */
  async #consider(plan: ActionPlan, term: Term): Promise<void> {
    const { book, now, expiry, tools, hasRecovered } = this.#parts;
    const actions = book.actions.ofPlan(plan.uuid);
    const age = now() - plan.createdAt;
    const old = age > expiry * MILLIS ? `Nobody started it for ${expiry} s.` : null;
    const overtaken = old ?? whyOvertaken(actions, tools.model) ?? (hasRecovered(plan) ? NEEDLESS : null);
    if (overtaken !== null) await this.#supersede(plan, overtaken, term);
    else if (plan.automation !== 'manual') await this.#startUnasked(plan, term);
  }

  async #supersede(plan: ActionPlan, reason: string, term: Term): Promise<void> {
    const { book, now } = this.#parts;
    await book.change((changes) => {
      const current = changes.get('action_plan', plan.uuid);
      if (current?.state !== 'RECOMMENDED') return;
      const because = { reason, by: APPLIER, at: now() };
      changes.put('action_plan', { ...moved(current, 'SUPERSEDED', because), statusMessage: reason });
      cancelWaiting(changes, book, plan.uuid, because);
    }, term.lease);
  }

  async #startUnasked(plan: ActionPlan, term: Term): Promise<void> {
    const { book, now, automation, reasons, pace } = this.#parts;
    const actions = book.actions.ofPlan(plan.uuid);
    const ask = plan.automation === 'partial' ? whyAsk(plan, actions, automation) : null;
    const held = actions.some(touchesCloud) ? [...reasons()] : [];
    const tooMany = actions.map((action) => pace.hold(action, now())).find((why) => why !== null);
    if (tooMany !== undefined) held.push(tooMany);
    const message = ask ?? (held.length === 0 ? null : `Not started: ${held.join('; ')}.`);
    if (message === plan.statusMessage && message !== null) return;
    await book.change((changes) => {
      const current = changes.get('action_plan', plan.uuid);
      if (current?.state !== 'RECOMMENDED') return;
      if (message !== null) {
        changes.put('action_plan', { ...current, statusMessage: message, updatedAt: now() });
        return;
      }
      const by = this.#starterOf(current);
      const because = { reason: `its audit has automation ${current.automation}`, by, at: now() };
      changes.put('action_plan', { ...moved(current, 'PENDING', because), startedBy: by, statusMessage: current.note });
    }, term.lease);
  }

  /** What had a plan carried out that nobody started. */
  #starterOf({ auditUuid, trigger }: ActionPlan): Actor {
    const audit = this.#parts.book.audits.get(auditUuid);
    if (trigger !== null) return { kind: 'rule', name: trigger.rule };
    if (audit?.auditType === 'CONTINUOUS') return { kind: 'schedule', name: audit.name };
    if (audit?.auditType === 'EVENT') return { kind: 'webhook', name: audit.name };
    return { kind: 'vigil', name: `audit ${audit?.name ?? auditUuid}` };
  }

  async #take(plan: ActionPlan, term: Term): Promise<void> {
    const { book, now, hostname } = this.#parts;
    await book.change((changes) => {
      const current = changes.get('action_plan', plan.uuid);
      if (current?.state !== 'PENDING') return;
      const because = { reason: 'it is carried out', by: APPLIER, at: now() };
      changes.put('action_plan', { ...moved(current, 'ONGOING', because), hostname });
    }, term.lease);
    this.#run(plan, term);
  }

  #run({ uuid }: ActionPlan, term: Term): void {
    if (this.#running.has(uuid)) return;
    const { log, book } = this.#parts;
    const running = new PlanRun(uuid, this.#parts, term)
      .run()
      .then(
        () => true,
        (error: unknown) => {
          if (error instanceof LeaseLost) log.warn({ plan: uuid }, error.message);
          else log.error({ err: error, plan: uuid }, 'carrying out a plan failed; it is taken up again');
          return false;
        },
      )
      .then((ended) => {
        this.#running.delete(uuid);
        // Others may have waited for a place.
        if (ended) book.changed$.next({ kind: 'action_plan', uuid });
      });
    this.#running.set(uuid, running);
  }
}
