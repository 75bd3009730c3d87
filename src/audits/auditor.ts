import type { Logger } from 'pino';
import { mayRunNow } from './admission.ts';
import type { Answer, AnswerFinder } from './answer.ts';
import type { Audit } from './audit.ts';
import type { AuditService } from './audit-service.ts';
import type { Book } from './book.ts';
import type { Term } from './leader.ts';
import { FORCE_REFRESH } from './parameters.ts';
import { type Actor, ENGINE, moved } from './record.ts';
import { nextRun } from './schedule.ts';
import { keepSolution } from './solution.ts';
import { type Turn, turnOf } from './turn.ts';

export interface AuditorParts {
  readonly book: Book;
  readonly audits: AuditService;
  readonly log: Logger;
  readonly now: () => number;
  /** Names this process to clients. */
  readonly hostname: string;
  /** Why the model cannot be trusted, one sentence each. */
  readonly distrust: () => readonly string[];
  /** Reads all of the cloud anew; resolves with why that could not be done, or null. */
  readonly refresh: () => Promise<string | null>;
  /** Reads of the cloud what is to be known of some hosts and instances; resolves as `refresh` does. */
  readonly read: (ids: readonly string[]) => Promise<string | null>;
  readonly answer: AnswerFinder;
}

/** Runs at once. */
const AT_ONCE = 4;

/** Runs audits when it is their turn, and turns what breaches ask for into audits. All writing is under the term's lease. */
export class Auditor {
  readonly #parts: AuditorParts;
  readonly #running = new Map<string, Promise<void>>();

  constructor(parts: AuditorParts) {
    this.#parts = parts;
  }

  /** Looks at everything once; what takes long goes on by itself. To be called again after each change, and at times. */
  async look(term: Term): Promise<void> {
    const { book, now } = this.#parts;
    for (const id of [...book.requests.keys()]) await this.#answerRequest(id, term);
    for (const audit of [...book.audits.all()]) {
      if (term.signal.aborted) return;
      if (!this.#running.has(audit.uuid)) await this.#attend(audit, turnOf(audit, now()), term);
    }
  }

  /** Resolves when nothing is being run any more. */
  async ended(): Promise<void> {
    await Promise.allSettled(this.#running.values());
  }

  async #answerRequest(id: string, term: Term): Promise<void> {
    const { book, audits, log } = this.#parts;
    try {
      await book.change((changes) => {
        const request = changes.take(id);
        if (request === null) return;
        const { goal, strategy, parameters, scope, automation, trigger } = request;
        const by: Actor = { kind: 'rule', name: trigger.rule };
        const audit = { auditType: 'ONESHOT', goal, strategy, parameters, scope, automation, trigger } as const;
        audits.draft(changes, id, audit, by);
      }, term.lease);
      log.info({ audit: id }, 'a breach starts an audit');
    } catch (error) {
      log.error({ err: error, request: id }, 'a breach asks for an audit that cannot be made; it is dropped');
      await book.change((changes) => void changes.take(id), term.lease);
    }
  }

  async #attend(audit: Audit, turn: Turn, term: Term): Promise<void> {
    if (turn.kind === 'wait' && audit.nextRunTime !== turn.until) {
      await this.#update(audit.uuid, term, (current) => ({ ...current, nextRunTime: turn.until }));
    }
    if (turn.kind === 'over') await this.#update(audit.uuid, term, (current) => this.#over(current));
    if (turn.kind !== 'run' || this.#running.size >= AT_ONCE) return;
    const { log, book } = this.#parts;
    const running = this.#run(audit.uuid, term)
      .catch((error: unknown) => {
        log.error({ err: error, audit: audit.uuid }, 'an audit could not be run');
        return false;
      })
      .then((ran) => {
        this.#running.delete(audit.uuid);
        // Others may have waited for a place, or this one for its next turn.
        if (ran) book.changed$.next({ kind: 'audit', uuid: audit.uuid });
      });
    this.#running.set(audit.uuid, running);
  }

  /** Whether it was run, however it went. */
  async #run(uuid: string, term: Term): Promise<boolean> {
    const { book, log, refresh, hostname } = this.#parts;
    const admission = await this.#begin(uuid, term);
    if (admission !== 'run') return false;
    const audit = book.audits.get(uuid);
    if (audit === undefined) return false;
    log.info({ audit: uuid, goal: audit.goal, strategy: audit.strategy }, `audit ${audit.name} begins`);
    try {
      if (audit.goal === 'model_refresh' || audit.parameters[FORCE_REFRESH] === true) {
        const problem = await refresh();
        if (problem !== null) throw new Error(`The cloud could not be read anew: ${problem}`);
      }
      const answered = await this.#answer(audit);
      await book.change((changes) => {
        const current = changes.get('audit', uuid);
        // Cancelled meanwhile: nothing comes of it.
        if (current?.state !== 'ONGOING') return;
        keepSolution(changes, book, current, answered, this.#parts.now());
        changes.put('audit', this.#ended({ ...current, hostname }, answered.note));
      }, term.lease);
    } catch (error) {
      log.warn({ err: error, audit: uuid }, `audit ${audit.name} failed`);
      await this.#fail(uuid, term, (error as Error).message);
    }
    return true;
  }

  /** What hangs on what nobody told yet is answered again once that was read. */
  async #answer(audit: Audit): Promise<Answer> {
    const { answer, read } = this.#parts;
    const first = answer(audit);
    const untold = first.solved.rejected.filter(({ code }) => code === 'unknown').map(({ candidate }) => candidate);
    if (untold.length === 0) return first;
    const problem = await read(untold);
    if (problem === null) return answer(audit);
    if (first.undone !== null) throw new Error(`${first.undone} It could not be read: ${problem}.`);
    return first;
  }

  /** Takes an audit up, or says by its state why not now. */
  async #begin(uuid: string, term: Term): Promise<'run' | 'not now'> {
    const { book, now, hostname, distrust } = this.#parts;
    let verdict: 'run' | 'not now' = 'not now';
    const kept = await book.change((changes) => {
      verdict = 'not now';
      const audit = changes.get('audit', uuid);
      if (audit === undefined || turnOf(audit, now()).kind !== 'run') return;
      const admission = mayRunNow(audit, book, distrust(), now());
      if (admission.kind === 'wait') {
        if (audit.statusMessage !== admission.reason) {
          changes.put('audit', { ...audit, statusMessage: admission.reason, updatedAt: now() });
        }
        return;
      }
      if (admission.kind === 'skip') {
        changes.put('audit', { ...this.#turnTaken(audit), statusMessage: admission.reason });
        return;
      }
      if (admission.kind === 'cancel') {
        const because = { reason: admission.reason, by: ENGINE, at: now() };
        changes.put('audit', { ...moved(audit, 'CANCELLED', because), statusMessage: admission.reason });
        return;
      }
      verdict = 'run';
      const because = { reason: 'it is its turn', by: ENGINE, at: now() };
      const ongoing = audit.state === 'ONGOING' ? audit : moved(audit, 'ONGOING', because);
      changes.put('audit', { ...ongoing, hostname, statusMessage: null });
    }, term.lease);
    return kept ? verdict : 'not now';
  }

  /** What becomes of an audit after a run that came to something. */
  #ended(audit: Audit, note: string | null): Audit {
    const taken = { ...this.#turnTaken(audit), statusMessage: note };
    if (audit.auditType === 'CONTINUOUS') return taken;
    return moved(taken, 'SUCCEEDED', { reason: 'it was run', by: ENGINE, at: this.#parts.now() });
  }

  #turnTaken(audit: Audit): Audit {
    const at = this.#parts.now();
    const { interval } = audit;
    const next = audit.auditType === 'CONTINUOUS' && interval !== null ? nextRun(interval, at) : null;
    // A call may be timed a little after the run before.
    const lastRunTime = Math.max(at, audit.calledAt ?? 0);
    return { ...audit, lastRunTime, nextRunTime: next, updatedAt: at };
  }

  #over(audit: Audit): Audit {
    const because = { reason: 'its end time is reached', by: ENGINE, at: this.#parts.now() };
    const ongoing = audit.state === 'PENDING' ? moved(audit, 'ONGOING', because) : audit;
    return { ...moved(ongoing, 'SUCCEEDED', because), nextRunTime: null };
  }

  /** A CONTINUOUS audit goes on: the next turn may well succeed. */
  async #fail(uuid: string, term: Term, reason: string): Promise<void> {
    await this.#update(uuid, term, (audit) => {
      if (audit.state !== 'ONGOING') return audit;
      const taken = { ...this.#turnTaken(audit), statusMessage: reason };
      if (audit.auditType === 'CONTINUOUS') return taken;
      return moved(taken, 'FAILED', { reason, by: ENGINE, at: this.#parts.now() });
    });
  }

  async #update(uuid: string, term: Term, to: (audit: Audit) => Audit): Promise<void> {
    await this.#parts.book.change((changes) => {
      const audit = changes.get('audit', uuid);
      if (audit !== undefined && audit.deletedAt === null) changes.put('audit', to(audit));
    }, term.lease);
  }
}
