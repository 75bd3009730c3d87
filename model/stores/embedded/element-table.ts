import type { Database, RootDatabase } from 'lmdb';
import type { ElementKey } from '../../element.ts';
import { joinFacts, type Registers } from '../../join.ts';
import { parseRevision } from '../../revision.ts';
import type { Change } from '../../store.ts';
import { decodeElement, type ElementRow, encodeElement } from './encode.ts';

/** An element as it is held in memory: its registers, and the place of its last change. */
export interface HeldElement {
  readonly registers: Registers;
  epoch: number;
  seq: number;
}

/**
 * The joined state, in memory and on disk. The disk lags behind on purpose: the log already holds every change, so an
 * element is written once its oldest unwritten change is `lag` changes old, with all that came in between at no cost. A
 * store that is opened reads the elements and joins the log from {@link checkpoint} on.
 */
export class ElementTable {
  readonly #rows: Database<ElementRow, ElementKey>;
  readonly #lag: number;
  readonly #held = new Map<ElementKey, HeldElement>();
  /** Elements not written yet, with the number of their oldest unwritten change; in that order. */
  readonly #unwritten = new Map<ElementKey, number>();

  constructor(root: RootDatabase, lag: number) {
    this.#rows = root.openDB<ElementRow, ElementKey>({ name: 'elements', encoding: 'json' });
    this.#lag = lag;
    for (const { key, value } of this.#rows.getRange()) {
      const registers: Registers = new Map();
      joinFacts(registers, decodeElement(key, value));
      this.#held.set(key, { registers, epoch: value[0], seq: value[1] });
    }
  }

  get(element: ElementKey): HeldElement | undefined {
    return this.#held.get(element);
  }

  entries(): Iterable<[ElementKey, HeldElement]> {
    return this.#held.entries();
  }

  /** The registers to join an element's facts into; made when it is new. */
  registers(element: ElementKey): Registers {
    const held = this.#held.get(element);
    if (held !== undefined) return held.registers;
    const registers: Registers = new Map();
    this.#held.set(element, { registers, epoch: 0, seq: 0 });
    return registers;
  }

  /** Notes that an element's registers were changed at a place of the log. */
  changed(change: Change): void {
    const at = parseRevision(change.revision);
    const held = this.#held.get(change.element);
    if (at === null || held === undefined) return;
    held.epoch = at.epoch;
    held.seq = at.seq;
    if (!this.#unwritten.has(change.element)) this.#unwritten.set(change.element, at.seq);
  }

  remove(element: ElementKey): void {
    this.#held.delete(element);
    this.#unwritten.delete(element);
    void this.#rows.remove(element);
  }

  /** Joins a change read from the log. */
  recover(change: Change): void {
    if (change.facts.length === 0) {
      this.remove(change.element);
      return;
    }
    joinFacts(this.registers(change.element), change.facts);
    this.changed(change);
  }

  /** Writes the elements that have waited long enough by change number `head`. */
  write(head: number): void {
    for (const [element, since] of this.#unwritten) {
      if (head - since < this.#lag) break;
      this.#unwritten.delete(element);
      const held = this.#held.get(element);
      if (held === undefined) continue;
      void this.#rows.put(element, encodeElement(held.epoch, held.seq, held.registers));
    }
  }

  /** The last change number up to which the disk's elements are complete, given the log's `head`. */
  checkpoint(head: number): number {
    for (const since of this.#unwritten.values()) return since - 1;
    return head;
  }
}
