type Series = readonly (readonly [time: number, value: number])[];

/** With fewer pairs a correlation says nothing. */
const LEAST_PAIRS = 5;

/** A series as means over equal steps of time, so that series measured at different moments compare. */
export function steps(series: Series, width: number): Map<number, number> {
  const sums = new Map<number, { sum: number; count: number }>();
  for (const [time, value] of series) {
    const step = Math.floor(time / width);
    const { sum, count } = sums.get(step) ?? { sum: 0, count: 0 };
    sums.set(step, { sum: sum + value, count: count + 1 });
  }
  return new Map([...sums].map(([step, { sum, count }]) => [step, sum / count]));
}

/** The mean of several, step by step. */
export function meanOf(all: readonly ReadonlyMap<number, number>[]): Map<number, number> {
  return steps(
    all.flatMap((one) => [...one]),
    1,
  );
}

/** Pearson's coefficient over the steps that both have; null when there are too few, or one does not vary. */
export function correlation(a: ReadonlyMap<number, number>, b: ReadonlyMap<number, number>): number | null {
  const pairs: [number, number][] = [];
  for (const [step, x] of a) {
    const y = b.get(step);
    if (y !== undefined) pairs.push([x, y]);
  }
  if (pairs.length < LEAST_PAIRS) return null;
  const meanX = mean(pairs.map(([x]) => x));
  const meanY = mean(pairs.map(([, y]) => y));
  let [xx, yy, xy] = [0, 0, 0];
  for (const [x, y] of pairs) {
    xx += (x - meanX) ** 2;
    yy += (y - meanY) ** 2;
    xy += (x - meanX) * (y - meanY);
  }
  return xx === 0 || yy === 0 ? null : xy / Math.sqrt(xx * yy);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
