import type { SourceEvent } from '../streams/source.ts';
import type { Freshness } from './service-state.ts';

/** What is known of one source's standing. */
interface Standing {
  connected: boolean;
  caughtUp: boolean;
  /** Messages were missed since it had caught up last. */
  gapped: boolean;
  last: SourceEvent;
}

/**
 * Decides whether the model can be taken for the cloud. With an OpenStack API: a full pass was completed that began after the
 * last gap, and after what had waited since before it was taken in; and everything received before its end is committed.
 * Without one: every source is caught up. A source that is not connected makes it unsynced, since nobody knows what is
 * missed; so does it while much is missing from the cloud's lists.
 */
export class FreshnessWatch {
  readonly #standings = new Map<string, Standing>();
  readonly #reconciles: boolean;
  /** When a full pass that is complete began, and when messages may last have been missed; milliseconds since 1970. */
  #passedAt = Number.NEGATIVE_INFINITY;
  #gapAt = 0;
  #heard: number | null = null;
  #heardElsewhere: number | null = null;

  /** `sources` by name; `reconciles` when an OpenStack API is configured. */
  constructor(sources: readonly string[], reconciles: boolean) {
    for (const name of sources) {
      const last: SourceEvent = { kind: 'connecting', detail: 'not started yet' };
      this.#standings.set(name, { connected: false, caughtUp: false, gapped: false, last });
    }
    this.#reconciles = reconciles;
  }

  /** A source told something of its connection. */
  source(name: string, event: SourceEvent, now: number): void {
    const standing = this.#standings.get(name);
    if (standing === undefined) return;
    standing.last = event;
    if (event.kind === 'connected') standing.connected = true;
    if (event.kind === 'waiting' || event.kind === 'connecting') {
      standing.connected = false;
      standing.caughtUp = false;
    }
    if (event.kind === 'caught-up' || event.kind === 'ended') {
      standing.connected = true;
      standing.caughtUp = true;
      standing.gapped = false;
    }
    if (event.kind !== 'gap') return;
    standing.gapped = !standing.caughtUp;
    this.#gapAt = now;
  }

  /** A full pass over nova that began then is complete, and all that was received before its end is committed. */
  passed(startedAt: number): void {
    this.#passedAt = Math.max(this.#passedAt, startedAt);
  }

  /** The store lost data, or what a gap had made doubtful was heard only now: it takes a new pass to know. */
  outdated(now: number): void {
    this.#gapAt = now;
  }

  /** Something was committed, or the cloud answered, at this time (milliseconds since 1970). */
  heard(now: number): void {
    this.#heard = now;
  }

  /** The process that asks the cloud for this one too last heard of it at this time. */
  heardElsewhere(at: number): void {
    this.#heardElsewhere = at;
  }

  last(name: string): SourceEvent | undefined {
    return this.#standings.get(name)?.last;
  }

  /** `held`: how many things of each kind are missing from the cloud's lists and kept, not knowing better. */
  now(loaded: boolean, now: number, held: Readonly<Record<string, number>> = {}): Freshness {
    const reasons = loaded ? [] : ['the store is still being loaded'];
    for (const [name, standing] of this.#standings) {
      if (!standing.connected) reasons.push(`${name} is not connected: ${standing.last.detail}`);
      else if (!standing.caughtUp && !this.#reconciles) reasons.push(`${name} is still catching up`);
      else if (standing.gapped) reasons.push(`${name} is still catching up after a gap`);
    }
    // One asked for because of the gap may well begin in the same millisecond, and asks nova later still.
    if (this.#reconciles && this.#passedAt < this.#gapAt) reasons.push('a full pass over the cloud is not complete');
    for (const [kind, count] of Object.entries(held))
      reasons.push(
        `${count} ${kind.replace('_', ' ')}s are missing from the cloud's lists and are kept until a second full pass agrees, ` +
          'or an operator confirms that they are gone',
      );
    const heard = Math.max(this.#heard ?? 0, this.#heardElsewhere ?? 0);
    const ageSeconds = heard === 0 ? null : Math.max(0, (now - heard) / 1000);
    return { synced: reasons.length === 0, reasons, ageSeconds };
  }
}
