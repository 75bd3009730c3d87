import type { Value } from '../model/fact.ts';
import type { ModelStore, StoredRecord } from '../model/store.ts';
import type { PassesTold } from './reconcile/shared-passes.ts';
import type { Freshness } from './service-state.ts';

/** The kind under which a store keeps what ingesting processes say of the model, and of how many at most. */
const STANDING = { kind: 'standing', limit: 100 } as const;
/** A process that has said nothing for so long does not ingest any more (ms). */
const SILENT_AFTER = 15_000;

/**
 * What an ingesting process says: how far the model can be trusted, what it knows as the one that makes the passes over the
 * cloud for all, and a count that grows each time.
 */
interface Standing extends Freshness {
  readonly passes: PassesTold | null;
  readonly beat: number;
}

/** What is heard of the one that makes the passes: what it says of them, and when it last heard of the cloud. */
export interface LeaderHeard {
  readonly passes: PassesTold;
  readonly ageSeconds: number | null;
}

/** One process as it was last heard; `heardAt` by our own clock, as clocks of machines differ. */
interface Heard {
  readonly standing: Standing;
  readonly heardAt: number;
}

/** Says for one process, in the store that all share, how far it can trust the model. */
export class OwnStanding {
  readonly #store: ModelStore;
  readonly #id: string;
  #beat = 0;

  /** `startedAt` in ms since 1970, and a text that no other process has: the oldest are forgotten first. */
  constructor(store: ModelStore, startedAt: number, unique: string) {
    this.#store = store;
    this.#id = `${String(startedAt).padStart(14, '0')}-${unique}`;
  }

  /** `passes` while this process makes them, else null. */
  async tell({ synced, reasons, ageSeconds }: Freshness, passes: PassesTold | null = null): Promise<void> {
    this.#beat += 1;
    const value: Standing = { synced, reasons, ageSeconds, passes, beat: this.#beat };
    await this.#store.putRecords(STANDING.kind, [{ id: this.#id, value: { ...value } as Value }], STANDING.limit);
  }
}

/**
 * What the processes that ingest say: a process that does not can trust the model as far as all of them do, and those that do
 * go by the one of them that makes the passes.
 */
export class Standings {
  readonly #heard = new Map<string, Heard>();

  /** Reads what all say, at a time of our clock (ms since 1970). */
  async read(store: ModelStore, now: number): Promise<void> {
    const { records } = await store.listRecords(STANDING.kind, null, STANDING.limit);
    this.hear(records, now);
  }

  hear(records: readonly StoredRecord[], now: number): void {
    for (const { id, value } of records) {
      const standing = value as unknown as Standing;
      const known = this.#heard.get(id);
      // What is found there at first may have been said long ago: its time counts from the next word on.
      if (known === undefined) this.#heard.set(id, { standing, heardAt: Number.NEGATIVE_INFINITY });
      else if (known.standing.beat !== standing.beat) this.#heard.set(id, { standing, heardAt: now });
    }
  }

  now(loaded: boolean, now: number): Freshness {
    const alive = this.#alive(now);
    const reasons = new Set(loaded ? [] : ['the store is still being loaded']);
    if (alive.length === 0) reasons.add('no process that ingests is heard of');
    for (const { standing } of alive) for (const reason of standing.reasons) reasons.add(reason);
    const ages = alive.map((heard) => ageOf(heard, now)).filter((age) => age !== null);
    return {
      synced: reasons.size === 0,
      reasons: [...reasons],
      ageSeconds: ages.length === 0 ? null : Math.min(...ages),
    };
  }

  /** The one that makes the passes: of several that say so, the one with the greatest token. Null: none is heard of. */
  leader(now: number): LeaderHeard | null {
    let leader: LeaderHeard | null = null;
    for (const heard of this.#alive(now)) {
      const { passes } = heard.standing;
      if (passes != null && passes.term > (leader?.passes.term ?? 0))
        leader = { passes, ageSeconds: ageOf(heard, now) };
    }
    return leader;
  }

  #alive(now: number): Heard[] {
    return [...this.#heard.values()].filter(({ heardAt }) => now - heardAt < SILENT_AFTER);
  }
}

/** How long ago a process had last heard of the cloud. */
function ageOf({ standing: { ageSeconds }, heardAt }: Heard, now: number): number | null {
  return ageSeconds === null ? null : ageSeconds + (now - heardAt) / 1_000;
}
