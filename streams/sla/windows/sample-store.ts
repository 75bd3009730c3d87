import type { Sample } from '../../../model/metrics/sample.ts';
import { BlockPool } from './block-pool.ts';
import { Names } from './names.ts';
import { type Added, SeriesTable } from './series-table.ts';

/** A series that nobody measured for so long is forgotten, in seconds. */
const IDLE_SECONDS = 3_600;
/** Looking for them looks at every series, so not more often than this. */
const SECONDS_BETWEEN_SWEEPS = 300;

/** The same while there is no room: whatever no window reaches any more gives way sooner. */
const SECONDS_BETWEEN_FULL_SWEEPS = 60;

/** What became of a sample: `nan` is no value, `late` too old to matter to anything that will be asked, `full` of a series too many. */
export type Taken = Added | 'nan';

/** How much is held at most. Series that are there go on; beyond it no other begins. */
export interface StoreLimits {
  readonly series: number;
  /** Of samples. */
  readonly bytes: number;
}

/** For what is measured once and then looked at. */
export const UNLIMITED: StoreLimits = { series: Number.POSITIVE_INFINITY, bytes: Number.POSITIVE_INFINITY };

/** The latest samples of all metrics, for as long as a rule or a strategy may ask for them. */
export class SampleStore {
  readonly #tables = new Map<string, SeriesTable>();
  readonly #retentions = new Map<string, number>();
  readonly #pool = new BlockPool();
  readonly #names = new Names();
  /** Whoever measures tells of many resources by one metric before the next. */
  #lastMetric: string | undefined;
  #lastTable = new SeriesTable(this.#pool, this.#names);
  readonly #least: number;
  readonly #limits: StoreLimits;
  /** Whether a series found no room since the last sweep. */
  #crowded = false;
  readonly #hasRoom = (): boolean => this.seriesCount < this.#limits.series && this.bytes < this.#limits.bytes;
  #clock = Number.NEGATIVE_INFINITY;
  #swept = Number.NEGATIVE_INFINITY;

  /** @param least seconds for which samples are kept of every metric, whether a rule asks for it or not */
  constructor(least: number, limits: StoreLimits) {
    this.#least = least;
    this.#limits = limits;
  }

  get limits(): StoreLimits {
    return this.#limits;
  }

  /** Bytes that the samples take. */
  get bytes(): number {
    return this.#pool.bytes;
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
    const table = this.#lastMetric === metric ? this.#lastTable : this.#tableOf(metric);
    const taken = table.add(resource, value, time, this.#clock - table.retention, this.#hasRoom);
    if (taken === 'full') this.#crowded = true;
    return taken;
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
    const crowded = this.#crowded;
    if (time - this.#swept < (crowded ? SECONDS_BETWEEN_FULL_SWEEPS : SECONDS_BETWEEN_SWEEPS)) return;
    this.#swept = time;
    this.#crowded = false;
    const idle = crowded ? 0 : IDLE_SECONDS;
    for (const table of this.#tables.values()) table.dropBefore(time - Math.max(idle, table.retention));
  }

  #tableOf(metric: string): SeriesTable {
    const table = this.#tables.get(metric) ?? this.#open(metric);
    this.#lastMetric = metric;
    this.#lastTable = table;
    return table;
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
