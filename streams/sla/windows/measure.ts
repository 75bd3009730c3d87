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

/** Sorting a few numbers by insertion is faster than asking for it. */
const FEW = 24;
let scratch = new Float64Array(FEW);

/** The value below which a share lies, between two samples in proportion. */
function percentile(share: number): Measure {
  return (page, begin, end) => {
    const count = (end - begin) / 2;
    if (scratch.length < count) scratch = new Float64Array(count * 2);
    const values = scratch;
    for (let i = 0; i < count; i++) {
      const value = page[begin + 2 * i + 1] ?? 0;
      if (count > FEW) values[i] = value;
      else {
        let at = i;
        for (; at > 0 && (values[at - 1] ?? 0) > value; at--) values[at] = values[at - 1] ?? 0;
        values[at] = value;
      }
    }
    if (count > FEW) values.subarray(0, count).sort();
    const rank = share * (count - 1);
    const low = Math.floor(rank);
    const below = values[low] ?? 0;
    if (rank === low) return below;
    return below + (rank - low) * ((values[low + 1] ?? 0) - below);
  };
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
  let { end } = table.found;
  while (end > begin && (page[end - 2] ?? 0) > t) end -= 2;
  const after = t - window;
  let first = end;
  while (first > begin && (page[first - 2] ?? 0) > after) first -= 2;
  return first === end ? Number.NaN : measure(page, first, end);
}
