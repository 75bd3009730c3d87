import {
  exhaustMap,
  filter,
  first,
  firstValueFrom,
  from,
  fromEvent,
  map,
  merge,
  type Observable,
  of,
  skipWhile,
  timer,
} from 'rxjs';
import type { Action, Intent } from '../audits/action.ts';
import { ApiError, type ApiFailure } from '../openstack/errors.ts';
import { nop, wait } from './local.ts';
import { failed, LeaseLost, type Outcome, SUCCEEDED, skipped } from './outcome.ts';
import { whyNotNow } from './pre-condition.ts';
import { procedureOf } from './procedures.ts';
import type { Procedure, Seen, Standing, Step } from './step.ts';
import type { ActionContext, ActionTools } from './tools.ts';

/** With these nova surely did not take a request; with all others nobody knows. */
const SURELY_REFUSED: readonly ApiFailure[] = [
  'refused',
  'forbidden',
  'unauthorized',
  'not-found',
  'busy',
  'no-endpoint',
  'too-old',
  'configuration',
];
/** So often in a row nova must show no trace of a request before it counts as never taken; more often of one it answered. */
const ABSENT_LOOKS = { unanswered: 2, answered: 4 };
/** So often in a row nova may say that it is done before its word counts without the model's. */
const REACHED_LOOKS = 4;
const NEWEST = 5;

type Ended = Exclude<Standing, { readonly kind: 'going' }> | { readonly kind: 'refused'; readonly reason: string };

/**
 * Carries out one action: looks whether it may be done now, keeps what is about to be asked, asks, and waits for the model to
 * show it. One that was begun by a process that is gone is taken up where its kept intent says.
 */
export class ActionRun {
  readonly #action: Action;
  readonly #tools: ActionTools;
  readonly #context: ActionContext;
  /** Ties all requests of the action together in nova's logs. */
  readonly #options: { readonly globalRequestId: string };

  constructor(action: Action, tools: ActionTools, context: ActionContext) {
    this.#action = action;
    this.#tools = tools;
    this.#context = context;
    this.#options = { globalRequestId: `req-${action.uuid}` };
  }

  /** Throws {@link LeaseLost}. */
  async run(): Promise<Outcome> {
    const { actionType, intent } = this.#action;
    const { log, now, nova, model } = this.#tools;
    const { cancel, term } = this.#context;
    if (actionType === 'nop') return nop(this.#action, log);
    if (actionType === 'sleep') return wait(this.#action, now(), cancel, term.signal);
    const procedure = procedureOf(this.#action, model);
    if (procedure === null) return SUCCEEDED;
    if (nova === null) return failed('pre_condition', 'no OpenStack API is configured (openstack).');
    if (intent === null) {
      const not = await whyNotNow(this.#action, this.#tools, this.#context);
      if (not !== null && 'unread' in not) return failed('pre_condition', `The cloud could not be read: ${not.unread}`);
      if (not !== null) return skipped(not.impossible);
    }
    return this.#walk(procedure);
  }

  async #walk({ steps, undo }: Procedure): Promise<Outcome> {
    const { intent } = this.#action;
    if (undo !== undefined && intent?.call === undo.step.call) return this.#undo(undo.step, intent);
    const first = intent === null ? 0 : steps.findIndex(({ call }) => call === intent.call);
    for (const [i, step] of steps.entries()) {
      if (i < first) continue;
      if (this.#context.cancel.aborted && undo !== undefined && steps[i - 1]?.call === undo.after) {
        return this.#undo(undo.step, null);
      }
      const ended = await this.#take(step, i === first ? intent : null, i === 0);
      if (ended.kind === 'refused' && i === 0) return skipped(ended.reason);
      if (ended.kind === 'cancelled' && this.#context.cancel.aborted) {
        return { state: 'CANCELLED', message: ended.reason };
      }
      if (ended.kind !== 'reached') return failed('execute', reasonOf(step, ended));
    }
    return SUCCEEDED;
  }

  async #undo(step: Step, intent: Intent | null): Promise<Outcome> {
    const ended = await this.#take(step, intent, false);
    if (ended.kind === 'reached') return { state: 'CANCELLED', message: 'It was undone.' };
    return failed('execute', `It was to be undone: ${reasonOf(step, ended)}`);
  }

  /**
   * Takes a step, or waits for the end of one that was taken before; takes that again only if nova never heard of it. Of the
   * first nova is not asked any more once the plan is cancelled: nothing was begun that would have to be brought to an end.
   */
  async #take(step: Step, resumed: Intent | null, isFirst: boolean): Promise<Ended> {
    if (resumed !== null) {
      const ended = await this.#awaitEnd(step, resumed, ABSENT_LOOKS.unanswered);
      if (ended.kind !== 'absent') return ended;
      this.#tools.log.info({ action: this.#action.uuid, call: step.call }, 'nova was never asked');
    } else if (step.isReached(this.#tools.model)) return { kind: 'reached' };
    const called = await this.#call(step, isFirst);
    if ('kind' in called) return called;
    return this.#awaitEnd(step, called.intent, called.answered ? ABSENT_LOOKS.answered : ABSENT_LOOKS.unanswered);
  }

  /** Keeps the intent, looks again at server and lease, and asks nova. */
  async #call(step: Step, isFirst: boolean): Promise<Ended | { readonly intent: Intent; readonly answered: boolean }> {
    const { nova, log, now } = this.#tools;
    const { term, cancel } = this.#context;
    if (nova === null) return { kind: 'failed', reason: 'no OpenStack API is configured.' };
    let intent: Intent;
    try {
      const newest = step.server === null ? 0 : await this.#newestMigration(step.server);
      intent = { call: step.call, at: now(), token: term.lease.token, before: { migration: newest } };
      await this.#context.keep(intent);
      if (step.server !== null) {
        const { value } = await nova.reading.server(step.server, this.#options);
        if (value === null) return { kind: 'refused', reason: 'The instance is gone.' };
        const reason = step.refuses(value);
        if (reason !== null) return { kind: 'refused', reason };
      }
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      return { kind: 'failed', reason: `nova could not be asked: ${error.why}` };
    }
    if (!(await term.confirm())) throw new LeaseLost();
    if (isFirst && cancel.aborted)
      return { kind: 'cancelled', reason: 'The plan was cancelled before nova was asked.' };
    try {
      const request = await step.send(nova.control, this.#options);
      log.info({ action: this.#action.uuid, call: step.call, request_id: request }, `nova was asked to ${step.call}`);
      return { intent, answered: true };
    } catch (error) {
      if (error instanceof RangeError) return { kind: 'failed', reason: error.message };
      if (!(error instanceof ApiError)) throw error;
      if (SURELY_REFUSED.includes(error.failure)) return { kind: 'failed', reason: refusal(error) };
      log.warn({ action: this.#action.uuid, call: step.call }, `it is not known whether nova took it: ${error.why}`);
      return { intent, answered: false };
    }
  }

  /** Waits for the model to show the post-condition; asks nova when the model is silent, or shows nothing under way. */
  async #awaitEnd(step: Step, intent: Intent, absentLooks: number): Promise<Ended> {
    const { model, changed$, timeoutMillis, silenceMillis, now } = this.#tools;
    const { term, cancel } = this.#context;
    const inARow = { absent: 0, reached: 0 };
    const look = async (): Promise<Ended | null> => {
      const standing = await this.#look(step, intent);
      if (standing === null) return null;
      inARow.absent = standing.kind === 'absent' ? inARow.absent + 1 : 0;
      inARow.reached = standing.kind === 'reached' ? inARow.reached + 1 : 0;
      if (standing.kind === 'going') return null;
      if (standing.kind === 'absent') return inARow.absent < absentLooks ? null : standing;
      if (standing.kind === 'reached') return inARow.reached < REACHED_LOOKS ? null : standing;
      return standing;
    };
    const shown$ = merge(of(null), changed$).pipe(
      filter(() => step.isReached(model)),
      map((): Ended => ({ kind: 'reached' })),
    );
    // Once it was under way by the model, and no longer is, nova can tell at once how it ended.
    const over$ = changed$.pipe(
      skipWhile(() => step.looksOver(model)),
      filter(() => step.looksOver(model)),
    );
    const looked$ = merge(timer(silenceMillis, silenceMillis), over$, aborted(cancel)).pipe(
      exhaustMap(() => from(look())),
      filter((ended) => ended !== null),
    );
    const left = Math.max(0, intent.at + timeoutMillis - now());
    const late$ = timer(left).pipe(
      map((): Ended => ({ kind: 'failed', reason: `its end was not seen within ${timeoutMillis / 1000} s` })),
    );
    const lost$ = aborted(term.signal).pipe(
      map((): Ended => {
        throw new LeaseLost();
      }),
    );
    return firstValueFrom(merge(lost$, shown$, looked$, late$).pipe(first()));
  }

  /** Reads the thing into the model, and says how it stands by nova's word; null when nova does not answer. */
  async #look(step: Step, intent: Intent): Promise<Standing | null> {
    const { nova, read, log } = this.#tools;
    const { cancel } = this.#context;
    if (nova === null) return null;
    if (step.server === null) {
      await read({ kind: 'host', id: String(this.#action.inputParameters.resource_id) });
      return step.judge({ server: null, migration: null });
    }
    try {
      await read({ kind: 'instance', id: step.server });
      const [server, migrations] = await Promise.all([
        nova.reading.server(step.server, this.#options),
        nova.reading.migrationsOf(step.server, NEWEST, this.#options),
      ]);
      const before = Number(intent.before.migration ?? 0);
      const migration = migrations.value.find(({ id }) => Number(id) > before) ?? null;
      const seen: Seen = { server: server.value, migration };
      const standing = step.judge(seen);
      if (standing.kind === 'going' && cancel.aborted) await step.abort?.(nova.control, seen, this.#options);
      return standing;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      log.warn({ action: this.#action.uuid }, `how ${step.call} stands cannot be told now: ${error.why}`);
      return null;
    }
  }

  async #newestMigration(server: string): Promise<number> {
    const { nova } = this.#tools;
    const read = await nova?.reading.migrationsOf(server, 1, this.#options);
    return Number(read?.value[0]?.id ?? 0);
  }
}

/** Emits once when a signal is aborted, at once when it was. */
function aborted(signal: AbortSignal): Observable<unknown> {
  return signal.aborted ? of(null) : fromEvent(signal, 'abort').pipe(first());
}

function refusal({ why, requestId }: ApiError): string {
  return `nova refused it: ${why}${requestId === null ? '' : ` (${requestId})`}.`;
}

function reasonOf({ call }: Step, ended: Ended): string {
  if (ended.kind === 'absent') {
    return `nova was asked to ${call}, and shows no trace of it: look into the logs of nova-api and nova-conductor.`;
  }
  return ended.kind === 'reached' ? '' : ended.reason;
}
