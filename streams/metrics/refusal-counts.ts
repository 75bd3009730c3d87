import type { Labels, Measurement, RefusalReason } from './measurement.ts';

/** Something that was refused, as an example of its reason. */
export interface RefusalExample {
  readonly metric: string;
  readonly labels: Labels;
}

export interface RefusalCount {
  readonly reason: RefusalReason;
  readonly count: number;
  /** The latest ones, of different series. */
  readonly examples: readonly RefusalExample[];
}

const EXAMPLES = 5;
/** Of an example's labels as many are kept, and as much of each. */
const LABELS = 12;
const LABEL_LENGTH = 100;

/** Counts what was refused by reason, with examples, so that nothing is dropped without a word. */
export class RefusalCounts {
  readonly #counts = new Map<RefusalReason, { count: number; examples: Map<string, RefusalExample> }>();

  add(reason: RefusalReason, { metric, labels }: Measurement): void {
    let held = this.#counts.get(reason);
    if (held === undefined) {
      held = { count: 0, examples: new Map() };
      this.#counts.set(reason, held);
    }
    held.count += 1;
    // The first ones, then one in a thousand: making an example takes longer than refusing.
    if (held.examples.size >= EXAMPLES && held.count % 1_000 !== 0) return;
    const example = { metric: metric.slice(0, LABEL_LENGTH), labels: shortened(labels) };
    const [oldest] = held.examples.keys();
    held.examples.set(JSON.stringify(example), example);
    if (held.examples.size > EXAMPLES && oldest !== undefined) held.examples.delete(oldest);
  }

  read(): readonly RefusalCount[] {
    return [...this.#counts].map(([reason, { count, examples }]) => ({
      reason,
      count,
      examples: [...examples.values()],
    }));
  }
}

function shortened(labels: Labels): Labels {
  const entries = Object.entries(labels).slice(0, LABELS);
  return Object.fromEntries(entries.map(([name, value]) => [name, value.slice(0, LABEL_LENGTH)]));
}
