import type { Database, RootDatabase } from 'lmdb';
import type { ElementKey } from '../../element.ts';
import { Registers } from '../../held.ts';
import { joinFacts } from '../../join.ts';
import { parseRevision } from '../../revision.ts';
import type { Change } from '../../store.ts';
import { Backlog } from './backlog.ts';
import { decodeElement, type ElementRow, encodeElement } from './encode.ts';

/** An element as it is held in memory: its registers, and the place of its last change. */
export class HeldElement extends Registers {
  readonly key: ElementKey;
  epoch: number;
  seq: number;
  /** The number of its oldest change that is not written; null when all are. */
  unwrittenSince: number | null = null;

  constructor(key: ElementKey, epoch = 0, seq = 0) {
    super();
    this.key = key;
    this.epoch = epoch;
    this.seq = seq;
  }
}

/** How many changes an element may lag behind the log, however few elements there are. */
const LEAST_LAG = 150_000;
/**
 * With the elements grows the time until one is changed again: a lag of so many changes for each element makes one writing
 * do for five changes. It bounds what is joined again at the start, which takes some ten microseconds a change.
 */
const LAG_PER_ELEMENT = 4;

/**
 * The joined state, in memory and on disk. The disk lags behind on purpose: the log already holds every change, so an
 * element is written once its oldest unwritten change is `lag` changes old, with all that came in between at no cost. A
 * store that is opened reads the elements and joins the log from {@link checkpoint} on.
 */
export class ElementTable {
  readonly #rows: Database<ElementRow, ElementKey>;
  readonly #mostLag: number;
  readonly #held = new Map<ElementKey, HeldElement>();
  readonly #unwritten = new Backlog<HeldElement>();

  /** `mostLag`: how many changes the log may be kept for elements that are not written. */
  constructor(root: RootDatabase, mostLag: number) {
    this.#rows = root.openDB<ElementRow, ElementKey>({ name: 'elements', encoding: 'json' });
    this.#mostLag = mostLag;
    for (const { key, value } of this.#rows.getRange()) {
      const [epoch, seq] = value;
      const held = new HeldElement(key, epoch, seq);
      joinFacts(held, decodeElement(key, value));
      this.#held.set(key, held);
    }
  }

  get(element: ElementKey): HeldElement | undefined {
    return this.#held.get(element);
  }

  entries(): Iterable<[ElementKey, HeldElement]> {
    return this.#held.entries();
  }

  /** An element to join facts into; made when it is new. */
  hold(key: ElementKey): HeldElement {
    const held = this.#held.get(key);
    if (held !== undefined) return held;
    const made = new HeldElement(key);
    this.#held.set(key, made);
    return made;
  }

  /** Notes that an element's registers were changed at a place of the log. */
  changed(held: HeldElement, epoch: number, seq: number): void {
    held.epoch = epoch;
    held.seq = seq;
    if (held.unwrittenSince !== null) return;
    held.unwrittenSince = seq;
    this.#unwritten.add(held);
  }

  remove(element: ElementKey): void {
    const held = this.#held.get(element);
    if (held !== undefined) {
      held.unwrittenSince = null;
      held.clear(); // the backlog may have it for a while yet
    }
    this.#held.delete(element);
    void this.#rows.remove(element);
  }

  /** Joins a change read from the log. */
  recover(change: Change): void {
    if (change.facts.length === 0) {
      this.remove(change.element);
      return;
    }
    const at = parseRevision(change.revision);
    if (at === null) return;
    const held = this.hold(change.element);
    joinFacts(held, change.facts);
    this.changed(held, at.epoch, at.seq);
  }

  /** Writes the elements that have waited long enough by change number `head`. */
  write(head: number): void {
    const lag = Math.min(this.#mostLag, Math.max(LEAST_LAG, LAG_PER_ELEMENT * this.#held.size));
    for (let held = this.#unwritten.first(); held !== undefined; held = this.#unwritten.first()) {
      if (head - (held.unwrittenSince ?? head) < lag) break;
      held.unwrittenSince = null;
      void this.#rows.put(held.key, encodeElement(held.epoch, held.seq, held));
    }
  }

  /** The last change number up to which the disk's elements are complete, given the log's `head`. */
  checkpoint(head: number): number {
    return (this.#unwritten.first()?.unwrittenSince ?? head + 1) - 1;
  }
}
