import type { Rule } from './rule.ts';
import { RuleStates, type SeriesStanding, type Transition } from './rule-states.ts';
import { formatStatistic } from './statistic.ts';
import { grown } from './windows/grow.ts';
import { type Column, measureAt, measureColumns, measureOf } from './windows/measure.ts';
import type { SampleStore } from './windows/sample-store.ts';

/** Whether a rule is about a resource. */
export type Selects = (rule: Rule, resource: string) => boolean;

/** Rules that look at the same statistic of the same metric: it is made once for all of them. */
interface RuleColumn extends Column {
  readonly rules: RuleStates[];
}

const NOTHING = new Float64Array(0);
/** Series that are measured without a pause. */
const SLOTS_AT_ONCE = 20_000;

/** What a rule makes of a resource now, and of what. */
export interface Inspection extends SeriesStanding {
  /** The time of the latest sample, in seconds; null when there is no series. */
  readonly latest: number | null;
  readonly selected: boolean;
}

/**
 * Evaluates rules over the samples of a store, step by step. Time comes with the steps; the order in which samples came
 * does not matter, nor does when.
 */
export class Evaluator {
  readonly #store: SampleStore;
  readonly #selects: Selects;
  #rules = new Map<string, RuleStates>();
  /** What is looked at of each metric, by window. */
  #columns: ReadonlyMap<string, readonly RuleColumn[]> = new Map();
  /** What the columns of the metric under way gave, by slot. */
  readonly #values: Float64Array[] = [];

  constructor(store: SampleStore, selects: Selects) {
    this.#store = store;
    this.#selects = selects;
  }

  /** The rules from now on; those that are the very same keep what they hold of their series. */
  setRules(rules: readonly Rule[]): void {
    const before = this.#rules;
    this.#rules = new Map();
    const fresh: RuleStates[] = [];
    for (const rule of rules) {
      let states = before.get(rule.name);
      if (states?.rule !== rule) {
        states = new RuleStates(rule);
        fresh.push(states);
      }
      this.#rules.set(rule.name, states);
    }
    const retentions = new Map<string, number>();
    for (const { metric, window } of rules) retentions.set(metric, Math.max(window, retentions.get(metric) ?? 0));
    this.#store.keep(retentions);
    this.#columns = columnsOf([...this.#rules.values()]);
    for (const states of fresh) this.#selectAll(states);
  }

  rules(): Iterable<RuleStates> {
    return this.#rules.values();
  }

  /** Asks anew whether rules are about resources: about these, or about all. */
  reselect(resources: Iterable<string> | 'all'): void {
    if (resources === 'all') {
      for (const states of this.#rules.values()) this.#selectAll(states);
      return;
    }
    for (const resource of resources) {
      for (const states of this.#rules.values()) {
        const slot = this.#store.table(states.rule.metric)?.slot(resource);
        if (slot !== undefined) states.select(slot, this.#selects(states.rule, resource));
      }
    }
  }

  /** Evaluates all rules at a time, and tells which series became another, rule by rule. */
  step(time: number, tell: (transition: Transition) => void): void {
    for (const _ of this.stepByStep(time, tell));
  }

  /** The same in parts, so that others may have the thread in between; nothing must be added or set meanwhile. */
  *stepByStep(time: number, tell: (transition: Transition) => void): Generator<void> {
    this.#store.advance(time);
    this.#takeArrivals();
    for (const [metric, columns] of this.#columns) {
      const table = this.#store.table(metric);
      if (table === undefined) continue;
      for (const at of columns.keys()) this.#values[at] = grown(this.#values[at] ?? NOTHING, table.size);
      for (let slot = 0; slot < table.size; slot += SLOTS_AT_ONCE) {
        measureColumns(table, [slot, Math.min(table.size, slot + SLOTS_AT_ONCE)], columns, this.#values, time);
        yield;
      }
      for (const [at, { rules }] of columns.entries()) {
        for (const states of rules) states.step(time, this.#values[at] ?? NOTHING, table, tell);
        yield;
      }
    }
    // Only now: whatever is dropped has become unknown.
    this.#store.sweep(time);
  }

  inspect(rule: string, resource: string): Inspection | null {
    const states = this.#rules.get(rule);
    if (states === undefined) return null;
    const table = this.#store.table(states.rule.metric);
    const slot = table?.slot(resource);
    if (table === undefined || slot === undefined) {
      return {
        state: 'unknown',
        since: null,
        overSince: null,
        latest: null,
        selected: this.#selects(states.rule, resource),
      };
    }
    return { ...states.standing(slot), latest: table.latest(slot), selected: states.isSelected(slot) };
  }

  /** A rule's statistic of a resource at a time; null when nothing was measured, or too little. */
  measure(rule: Rule, resource: string, time: number): number | null {
    const table = this.#store.table(rule.metric);
    const slot = table?.slot(resource);
    if (table === undefined || slot === undefined) return null;
    const value = measureAt(table, slot, measureOf(rule.statistic), rule.window, time);
    return Number.isNaN(value) ? null : value;
  }

  /** Every series that a rule is about. */
  *series(rule: string): Generator<{ readonly resource: string } & SeriesStanding> {
    const states = this.#rules.get(rule);
    const table = states === undefined ? undefined : this.#store.table(states.rule.metric);
    if (states === undefined || table === undefined) return;
    for (let slot = 0; slot < table.size; slot++) {
      if (states.isSelected(slot)) yield { resource: table.resource(slot), ...states.standing(slot) };
    }
  }

  #takeArrivals(): void {
    for (const metric of this.#store.metrics()) {
      const table = this.#store.table(metric);
      const arrived = table?.arrivals() ?? [];
      if (table === undefined || arrived.length === 0) continue;
      for (const states of this.#rules.values()) {
        if (states.rule.metric !== metric) continue;
        for (const slot of arrived) states.open(slot, this.#selects(states.rule, table.resource(slot)));
      }
    }
  }

  #selectAll(states: RuleStates): void {
    const table = this.#store.table(states.rule.metric);
    if (table === undefined) return;
    for (let slot = 0; slot < table.size; slot++) {
      const resource = table.resource(slot);
      states.select(slot, resource !== '' && this.#selects(states.rule, resource));
    }
  }
}

function columnsOf(rules: readonly RuleStates[]): Map<string, RuleColumn[]> {
  const byMetric = new Map<string, Map<string, RuleColumn>>();
  for (const states of rules) {
    const { metric, window, statistic } = states.rule;
    const columns = byMetric.get(metric) ?? new Map<string, RuleColumn>();
    byMetric.set(metric, columns);
    const key = `${formatStatistic(statistic)} ${window}`;
    const column = columns.get(key);
    if (column !== undefined) column.rules.push(states);
    else columns.set(key, { window, measure: measureOf(statistic), rules: [states] });
  }
  return new Map([...byMetric].map(([metric, columns]) => [metric, byWindow([...columns.values()])]));
}

function byWindow(columns: RuleColumn[]): RuleColumn[] {
  return columns.sort((a, b) => a.window - b.window);
}
