import type { Rule } from './rule.ts';
import { isOver, nextState, OK, type SeriesState, STATES, UNKNOWN } from './state.ts';
import { grown } from './windows/grow.ts';
import type { SeriesTable } from './windows/series-table.ts';

/** A series became another in the eyes of a rule. Times in seconds since 1970. */
export interface Transition {
  readonly time: number;
  readonly rule: string;
  readonly resource: string;
  readonly from: SeriesState;
  readonly to: SeriesState;
  /** The statistic at that time; null when nothing was measured. */
  readonly value: number | null;
}

/** What a rule holds of one series. */
export interface SeriesStanding {
  readonly state: SeriesState;
  /** Since when; null when it was never evaluated. */
  readonly since: number | null;
  /** Since when the threshold has been passed without a break; null when it is not. */
  readonly overSince: number | null;
}

const NEVER = Number.NaN;

/** The states of all series of a rule, by the slots of its metric's table: a few bytes each. */
export class RuleStates {
  readonly rule: Rule;
  /** How many of the selected series were in each state at the last step, by place in {@link STATES}. */
  readonly counts = new Int32Array(STATES.length);
  #selected = new Uint8Array(0);
  #states = new Uint8Array(0);
  #since = new Float64Array(0);
  #overSince = new Float64Array(0);

  constructor(rule: Rule) {
    this.rule = rule;
  }

  /** Says whether the rule is about the series in a slot. One it is not about becomes unknown with the next step. */
  select(slot: number, selected: boolean): void {
    this.#makeRoom(slot + 1);
    this.#selected[slot] = selected ? 1 : 0;
  }

  /** A series begins in a slot. */
  open(slot: number, selected: boolean): void {
    this.select(slot, selected);
    this.#states[slot] = UNKNOWN;
    this.#since[slot] = NEVER;
    this.#overSince[slot] = NEVER;
  }

  isSelected(slot: number): boolean {
    return this.#selected[slot] === 1;
  }

  standing(slot: number): SeriesStanding {
    const since = this.#since[slot] ?? NEVER;
    const overSince = this.#overSince[slot] ?? NEVER;
    return {
      state: STATES[this.#states[slot] ?? UNKNOWN] ?? 'unknown',
      since: Number.isNaN(since) ? null : since,
      overSince: Number.isNaN(overSince) ? null : overSince,
    };
  }

  /** Takes the statistic of each slot at a time and tells which series became another. */
  step(time: number, values: Float64Array, table: SeriesTable, tell: (transition: Transition) => void): void {
    const { rule, counts } = this;
    const selected = this.#selected;
    const states = this.#states;
    const size = Math.min(table.size, selected.length);
    // As numbers of which less is better, whichever side of the threshold is bad.
    const sign = rule.bad === 'above' ? 1 : -1;
    const threshold = sign * rule.threshold;
    counts.fill(0);
    let ok = 0;
    for (let slot = 0; slot < size; slot++) {
      const about = selected[slot] === 1;
      const from = states[slot] ?? UNKNOWN;
      if (!about && from === UNKNOWN) continue;
      const value = about ? (values[slot] ?? Number.NaN) : Number.NaN;
      if (from === OK && sign * value <= threshold) {
        // Most are ok and stay so.
        ok += 1;
        continue;
      }
      const to = this.#advance(slot, from, value, time);
      if (about) counts[to] = (counts[to] ?? 0) + 1;
      if (from !== to) tell(this.#become(slot, from, to, value, time, table));
    }
    counts[OK] = (counts[OK] ?? 0) + ok;
  }

  /** The state that a value leads to; notes since when the threshold has been passed. */
  #advance(slot: number, from: number, value: number, time: number): number {
    const { rule } = this;
    let over = this.#overSince[slot] ?? NEVER;
    if (!isOver(rule, value)) over = NEVER;
    else if (Number.isNaN(over)) over = time;
    this.#overSince[slot] = over;
    return nextState(rule, from, value, time - over);
  }

  #become(slot: number, from: number, to: number, value: number, time: number, table: SeriesTable): Transition {
    this.#states[slot] = to;
    this.#since[slot] = time;
    return {
      time,
      rule: this.rule.name,
      resource: table.resource(slot),
      from: STATES[from] ?? 'unknown',
      to: STATES[to] ?? 'unknown',
      value: Number.isNaN(value) ? null : value,
    };
  }

  #makeRoom(size: number): void {
    const known = this.#since.length;
    this.#selected = grown(this.#selected, size);
    this.#states = grown(this.#states, size);
    this.#since = grown(this.#since, size);
    this.#overSince = grown(this.#overSince, size);
    this.#since.fill(NEVER, known);
    this.#overSince.fill(NEVER, known);
  }
}
