import type { Statistic } from '../statistic.ts';
import type { SeriesTable } from './series-table.ts';

/** Makes a number of the pairs (time, value) from `begin` to before `end`, at least one; NaN when they do not suffice. */
type Measure = (page: Float64Array, begin: number, end: number) => number;

const mean: Measure = (page, begin, end) => {
  let sum = 0;
  for (let at = begin + 1; at < end; at += 2) sum += page[at] ?? 0;
  return sum / ((end - begin) / 2);
};

const max: Measure = (page, begin, end) => {
  let most = page[begin + 1] ?? 0;
  for (let at = begin + 3; at < end; at += 2) if ((page[at] ?? 0) > most) most = page[at] ?? 0;
  return most;
};

const min: Measure = (page, begin, end) => {
  let least = page[begin + 1] ?? 0;
  for (let at = begin + 3; at < end; at += 2) if ((page[at] ?? 0) < least) least = page[at] ?? 0;
  return least;
};

const last: Measure = (page, _, end) => page[end - 1] ?? 0;

/** By how much a counter grew a second, from its first sample to its last; one that became less began anew at zero. */
const rate: Measure = (page, begin, end) => {
  if (end - begin < 4) return Number.NaN;
  let growth = 0;
  let before = page[begin + 1] ?? 0;
  for (let at = begin + 3; at < end; at += 2) {
    const value = page[at] ?? 0;
    growth += value < before ? value : value - before;
    before = value;
  }
  return growth / ((page[end - 2] ?? 0) - (page[begin] ?? 0));
};

/** Keeping so few numbers in order by insertion is faster than sorting all. */
const FEW = 24;
let scratch = new Float64Array(FEW);

/** The value below which a share lies, between two samples in proportion. */
function percentile(share: number): Measure {
  return (page, begin, end) => {
    const count = (end - begin) / 2;
    const rank = share * (count - 1);
    const low = Math.floor(rank);
    // Of the samples in order only those from this place on are needed, few of a high percentile.
    const kept = count - low;
    if (kept > FEW) {
      const values = sorted(page, begin, count);
      return between(values[low] ?? 0, values[low + 1] ?? 0, rank - low);
    }
    const greatest = scratch;
    for (let i = 0; i < count; i++) {
      const value = page[begin + 2 * i + 1] ?? 0;
      let at = Math.min(i, kept);
      if (at === kept && value <= (greatest[kept - 1] ?? 0)) continue;
      if (at === kept) at -= 1;
      for (; at > 0 && (greatest[at - 1] ?? 0) < value; at--) greatest[at] = greatest[at - 1] ?? 0;
      greatest[at] = value;
    }
    return between(greatest[kept - 1] ?? 0, greatest[kept - 2] ?? 0, rank - low);
  };
}

/** The values of so many samples in ascending order, in memory that is used again at the next call. */
function sorted(page: Float64Array, begin: number, count: number): Float64Array {
  if (scratch.length < count) scratch = new Float64Array(count * 2);
  for (let i = 0; i < count; i++) scratch[i] = page[begin + 2 * i + 1] ?? 0;
  return scratch.subarray(0, count).sort();
}

function between(below: number, above: number, part: number): number {
  return part === 0 ? below : below + part * (above - below);
}

/** The function of a statistic. */
export function measureOf(statistic: Statistic): Measure {
  if (statistic.kind === 'percentile') return percentile(statistic.share);
  return { mean, max, min, last, rate }[statistic.kind];
}

/** A statistic of a series over (t - window, t]; NaN when no sample is in it, or too few are. */
export function measureAt(table: SeriesTable, slot: number, measure: Measure, window: number, t: number): number {
  table.find(slot);
  const { page, begin } = table.found;
  const end = endAt(table, t);
  const first = firstAfter(page, begin, end, t - window);
  return first === end ? Number.NaN : measure(page, first, end);
}

/** A statistic over a window, in seconds. */
export interface Column {
  readonly window: number;
  readonly measure: Measure;
}

/**
 * What {@link measureAt} gives for many statistics and slots (`from` to before `to`) at once, into an array for each column: a
 * series is found once, and each window seen as a part of the next. Columns go by window, the shortest first.
 */
export function measureColumns(
  table: SeriesTable,
  [from, to]: readonly [number, number],
  columns: readonly Column[],
  values: readonly Float64Array[],
  t: number,
): void {
  for (let slot = from; slot < to; slot++) {
    table.find(slot);
    const { page, begin } = table.found;
    const end = endAt(table, t);
    let first = end;
    for (let at = 0; at < columns.length; at++) {
      const { window, measure } = columns[at] as Column;
      first = firstAfter(page, begin, first, t - window);
      (values[at] as Float64Array)[slot] = first === end ? Number.NaN : measure(page, first, end);
    }
  }
}

/** Where the samples that were found end, but for those after a time. */
function endAt({ found: { page, begin, end } }: SeriesTable, t: number): number {
  let at = end;
  while (at > begin && (page[at - 2] ?? 0) > t) at -= 2;
  return at;
}

/** The first of the samples from `begin` to before `end` that is after a time; `end` when none is. */
function firstAfter(page: Float64Array, begin: number, end: number, time: number): number {
  let first = end;
  while (first > begin && (page[first - 2] ?? 0) > time) first -= 2;
  return first;
}
