import type { Sample } from '../../../model/metrics/sample.ts';
import { BlockPool } from './block-pool.ts';
import { Names } from './names.ts';
import { type Added, SeriesTable } from './series-table.ts';

/** A series that nobody measured for so long is forgotten, in seconds. */
const IDLE_SECONDS = 3_600;
/** Looking for them looks at every series, so not more often than this. */
const SECONDS_BETWEEN_SWEEPS = 300;

/** What became of a sample: `nan` is no value, `late` is too old to matter to anything that will be asked. */
export type Taken = Added | 'nan';

/** The latest samples of all metrics, for as long as a rule or a strategy may ask for them. */
export class SampleStore {
  readonly #tables = new Map<string, SeriesTable>();
  readonly #retentions = new Map<string, number>();
  readonly #pool = new BlockPool();
  readonly #names = new Names();
  readonly #least: number;
  #clock = Number.NEGATIVE_INFINITY;
  #swept = Number.NEGATIVE_INFINITY;

  /** @param least seconds for which samples are kept of every metric, whether a rule asks for it or not */
  constructor(least: number) {
    this.#least = least;
  }

  /** Series that are held, of all metrics. */
  get seriesCount(): number {
    let count = 0;
    for (const table of this.#tables.values()) count += table.count;
    return count;
  }

  /** Says for how many seconds the samples of metrics are asked for; of others only the least is kept. */
  keep(retentions: ReadonlyMap<string, number>): void {
    this.#retentions.clear();
    for (const [metric, seconds] of retentions) this.#retentions.set(metric, seconds);
    for (const [metric, table] of this.#tables) table.retention = this.#retentionOf(metric);
  }

  add({ metric, resource, value, time }: Sample): Taken {
    if (Number.isNaN(value)) return 'nan';
    const table = this.#tables.get(metric) ?? this.#open(metric);
    return table.add(resource, value, time, this.#clock - table.retention);
  }

  table(metric: string): SeriesTable | undefined {
    return this.#tables.get(metric);
  }

  metrics(): Iterable<string> {
    return this.#tables.keys();
  }

  /** Time has come to this: nothing will be asked any more of windows that end before it. */
  advance(time: number): void {
    this.#clock = Math.max(this.#clock, time);
  }

  /** Forgets the series that nobody measured for long, now and then. */
  sweep(time: number): void {
    if (time - this.#swept < SECONDS_BETWEEN_SWEEPS) return;
    this.#swept = time;
    for (const table of this.#tables.values()) table.dropBefore(time - Math.max(IDLE_SECONDS, table.retention));
  }

  #open(metric: string): SeriesTable {
    const table = new SeriesTable(this.#pool, this.#names);
    table.retention = this.#retentionOf(metric);
    this.#tables.set(metric, table);
    return table;
  }

  #retentionOf(metric: string): number {
    return Math.max(this.#least, this.#retentions.get(metric) ?? 0);
  }
}
