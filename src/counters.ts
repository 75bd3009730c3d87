import { AUTHORITY } from '../streams/authority/table.ts';
import type { Ingested } from '../streams/ingest.ts';
import type { IngestCounters } from './service-state.ts';

/** Counts what the ingest did since this process started. */
export class Counters {
  #messages = 0;
  #ignored = 0;
  #deadLetters = 0;
  #factsWon = 0;
  #factsLost = 0;
  #clocksCut = 0;
  readonly #byEvent = new Map<string, number>();

  add({ decoded, committed }: Ingested): void {
    this.#messages += decoded.length;
    this.#factsWon += committed.won;
    this.#factsLost += committed.lost;
    for (const { event, facts, cut, letter } of decoded) {
      if (letter !== null) this.#deadLetters += 1;
      else if (facts.length === 0) this.#ignored += 1;
      if (cut) this.#clocksCut += 1;
      if (event !== null) this.#count(AUTHORITY.has(event) ? event : 'other');
    }
  }

  read(): IngestCounters {
    return {
      messages: this.#messages,
      ignored: this.#ignored,
      deadLetters: this.#deadLetters,
      factsWon: this.#factsWon,
      factsLost: this.#factsLost,
      clocksCut: this.#clocksCut,
      byEvent: this.#byEvent,
    };
  }

  #count(event: string): void {
    this.#byEvent.set(event, (this.#byEvent.get(event) ?? 0) + 1);
  }
}
