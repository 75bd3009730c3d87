import type { Logger } from 'pino';
import type { Incidents } from '../../streams/sla/incidents.ts';
import { type IncidentRecord, SLA_INCIDENT } from './incident-record.ts';
import type { LedgerCopy } from './records.ts';

/** For so many steps the process that acts may not have seen yet what is seen here. */
const PATIENCE_STEPS = 3;

/**
 * Notices in a process that only stands by when it sees breaches of which the one that acts knows nothing: then not all samples
 * come to all of them, and breaches may be missed.
 */
export class UnsharedWatch {
  readonly #incidents: Incidents;
  readonly #records: LedgerCopy;
  readonly #patience: number;
  readonly #log: Logger;
  #count = 0;

  /** `step` in seconds. */
  constructor(incidents: Incidents, records: LedgerCopy, step: number, log: Logger) {
    this.#incidents = incidents;
    this.#records = records;
    this.#patience = PATIENCE_STEPS * step;
    this.#log = log;
  }

  /** Breaches that only this process sees. */
  get count(): number {
    return this.#count;
  }

  /** Looks, where another acts. */
  look(time: number): void {
    const known = new Set<string>();
    for (const [, { rule, resource, endedAt }] of this.#records.values<IncidentRecord>(SLA_INCIDENT)) {
      if (endedAt === null) known.add(`${rule}/${resource}`);
    }
    const unshared = [...this.#incidents.open()].filter(
      ({ rule, resource, openedAt, unknownSince }) =>
        unknownSince === null && time - openedAt > this.#patience && !known.has(`${rule}/${resource}`),
    );
    const [first] = unshared;
    if (first !== undefined && this.#count === 0) {
      this.#log.warn(
        { breaches: unshared.length, rule: first.rule, resource: first.resource },
        'breaches are seen here of which the process that acts knows nothing: bring all samples to every process with the role engine',
      );
    }
    this.#count = unshared.length;
  }

  /** This process acts itself. */
  reset(): void {
    this.#count = 0;
  }
}
