import { isDeepStrictEqual } from 'node:util';
import type { Logger } from 'pino';
import { filter, merge, Subscription } from 'rxjs';
import type { ActionPlan } from '../audits/action-plan.ts';
import type { Book } from '../audits/book.ts';
import { type IncidentRecord, SLA_INCIDENT } from './incident-record.ts';
import type { LedgerCopy } from './records.ts';
import { carriedOutAt, measuredEfficacy } from './recovery.ts';

const MILLIS_PER_HOUR = 3_600_000;
/** How long after a plan a metric that comes back can be its doing. */
const WATCHED_HOURS = 24;

/**
 * Looks after each plan that a breach led to and that was carried out whether the metric came back, and writes it into the
 * plan. Every process that acts may do so at once: they see the same records, and what is written already is not written again.
 */
export class RecoveryWatch {
  readonly #book: Book;
  readonly #records: LedgerCopy;
  readonly #log: Logger;
  readonly #now: () => number;
  #due = false;
  #running: Promise<void> = Promise.resolve();

  /** `now` in milliseconds since 1970. */
  constructor(book: Book, records: LedgerCopy, log: Logger, now: () => number) {
    this.#book = book;
    this.#records = records;
    this.#log = log;
    this.#now = now;
  }

  /** Begins to look whenever a plan or an incident has changed. Both copies must have been read. */
  start(): Subscription {
    const plans$ = this.#book.changed$.pipe(filter(({ kind }) => kind === 'action_plan' || kind === 'reset'));
    const incidents$ = this.#records.changed$.pipe(filter((kind) => kind === SLA_INCIDENT || kind === null));
    const running = new Subscription();
    running.add(merge(plans$, incidents$).subscribe(() => this.#lookSoon()));
    this.#lookSoon();
    return running;
  }

  /** In a turn of its own, and one look for all that changed meanwhile. */
  #lookSoon(): void {
    if (this.#due) return;
    this.#due = true;
    this.#running = this.#running.then(async () => {
      this.#due = false;
      try {
        for (const { uuid } of this.#watched()) await this.#look(uuid);
      } catch (error) {
        this.#log.error(
          { err: error },
          'it could not be written whether breaches are over; the next change tries again',
        );
      }
    });
  }

  *#watched(): Iterable<ActionPlan> {
    const since = this.#now() - WATCHED_HOURS * MILLIS_PER_HOUR;
    for (const plan of this.#book.plans.all()) {
      if (plan.trigger !== null && plan.deletedAt === null && (carriedOutAt(plan) ?? 0) >= since) yield plan;
    }
  }

  async #look(uuid: string): Promise<void> {
    const incidents = [...this.#records.values<IncidentRecord>(SLA_INCIDENT)].map(([, incident]) => incident);
    await this.#book.change((changes) => {
      const plan = changes.get('action_plan', uuid);
      const efficacy = plan === undefined ? null : measuredEfficacy(plan, incidents);
      if (plan === undefined || efficacy === null || isDeepStrictEqual(efficacy, plan.efficacyIndicators)) return;
      changes.put('action_plan', { ...plan, efficacyIndicators: efficacy, updatedAt: this.#now() });
      const told = Object.fromEntries(efficacy.map(({ name, value }) => [name, value]));
      this.#log.info({ plan: uuid, ...told }, 'what became of the breach after its plan');
    });
  }
}
