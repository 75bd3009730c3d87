import type { Clock } from '../../model/clock.ts';
import type { ElementKey } from '../../model/element.ts';
import type { Cause, Fact } from '../../model/fact.ts';
import { Undecodable, type UndecodableReason } from '../../streams/decode/undecodable.ts';
import type { Content } from '../../streams/decoded.ts';
import { type Claimed, type Entry, Glossary } from './glossary.ts';

/** The bodies of a batch, one after the other, and where each ends; the present to decode them by, in µs since 1970. */
export interface Bodies {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly ends: readonly number[];
  readonly now: number;
}

/** What a {@link ContentWriter} wrote of bodies, and the memory in which they were. */
export interface Answer {
  readonly text: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** What a batch's bodies tell, as text: that passes between threads faster than objects do. */
interface WrittenBatch {
  /** Whether all entries of the glossary of before are forgotten. */
  readonly anew: boolean;
  /** Entries that the glossary has from now on. */
  readonly entries: readonly Entry[];
  readonly rows: readonly (Silent | Telling | Refused)[];
}

/** An entry's number, or what the glossary does not have. */
type Named = number | string;
/** What tells nothing: its event, and its publisher where it took decoding to know that. */
type Silent = readonly [event: Named, publisher: Named];
/** What tells something: facts of one element and cause, in runs of one clock. */
type Telling = readonly [
  ...[event: Named, publisher: Named, cut: boolean, element: ElementKey, id: string, time: number],
  runs: readonly Run[],
];
type Run = readonly [clock: Clock, claims: readonly (number | Claimed)[]];
interface Refused {
  readonly reason: UndecodableReason;
  readonly detail: string;
}

/** Writes what bodies tell for a {@link ContentReader} that reads all that was written, in order. */
export class ContentWriter {
  readonly #glossary = new Glossary();

  write(contents: readonly (Content | Undecodable)[]): string {
    const anew = this.#glossary.beginAnewWhenFull();
    const rows = contents.map((content) => this.#rowOf(content));
    return JSON.stringify({ anew, entries: this.#glossary.takeNew(), rows } satisfies WrittenBatch);
  }

  #rowOf(content: Content | Undecodable): Silent | Telling | Refused {
    if (content instanceof Undecodable) return { reason: content.reason, detail: content.message };
    const { cut, facts } = content;
    const event = this.#glossary.name(content.event);
    const publisher = this.#glossary.name(content.publisher);
    const [first] = facts;
    if (first === undefined) return [event, publisher];
    const { element, cause } = first;
    return [event, publisher, cut, element, cause.id, cause.time, this.#runsOf(facts)];
  }

  #runsOf(facts: readonly Fact[]): Run[] {
    const runs: [Clock, (number | Claimed)[]][] = [];
    for (const { register, clock, value = null } of facts) {
      let run = runs.at(-1);
      if (run?.[0] !== clock) {
        run = [clock, []];
        runs.push(run);
      }
      run[1].push(this.#glossary.claimed(register, value));
    }
    return runs;
  }
}

/** Reads what one {@link ContentWriter} wrote. */
export class ContentReader {
  #entries: Entry[] = [];

  read(text: string): (Content | Undecodable)[] {
    const { anew, entries, rows } = JSON.parse(text) as WrittenBatch;
    if (anew) this.#entries = [];
    for (const entry of entries) this.#entries.push(entry);
    return rows.map((row) => this.#contentOf(row));
  }

  #contentOf(row: Silent | Telling | Refused): Content | Undecodable {
    if ('reason' in row) return new Undecodable(row.reason, row.detail);
    const event = this.#named(row[0]);
    const publisher = this.#named(row[1]);
    if (row.length === 2) return { event, publisher, facts: [], cut: false };
    const [, , cut, element, id, time, runs] = row;
    const cause: Cause = { event, id, publisher, time };
    const facts: Fact[] = [];
    for (const [clock, claims] of runs) {
      for (const claimed of claims) {
        const [register, value] = this.#claimed(claimed);
        facts.push({ element, register, clock, value, cause });
      }
    }
    return { event, publisher, facts, cut };
  }

  #named(name: Named): string {
    if (typeof name === 'string') return name;
    const entry = this.#entries[name];
    if (typeof entry !== 'string') throw new Error(`entry ${name} of the glossary is no name`);
    return entry;
  }

  #claimed(claimed: number | Claimed): Claimed {
    if (typeof claimed !== 'number') return claimed;
    const entry = this.#entries[claimed];
    if (entry === undefined || typeof entry === 'string')
      throw new Error(`entry ${claimed} of the glossary claims nothing`);
    return entry;
  }
}
