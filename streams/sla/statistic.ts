/** What is made of the samples in a window. `percentile` has its share, 0 to 1. */
export type Statistic =
  | { readonly kind: 'mean' | 'max' | 'min' | 'last' | 'rate' }
  | { readonly kind: 'percentile'; readonly share: number };

/** How statistics are written: `p95`, `p99.9` for percentiles. */
export const STATISTIC_PATTERN = '^(mean|max|min|last|rate|p(100|\\d{1,2}(\\.\\d{1,3})?))$';
export const STATISTIC_FORM = 'one of mean, max, min, last, rate, or a percentile such as p95';

const PERCENT = 100;

/** Reads what {@link STATISTIC_PATTERN} matches. */
export function parseStatistic(text: string): Statistic {
  if (text.startsWith('p')) return { kind: 'percentile', share: Number(text.slice(1)) / PERCENT };
  return { kind: text as 'mean' | 'max' | 'min' | 'last' | 'rate' };
}

export function formatStatistic(statistic: Statistic): string {
  // Rounded, since 0.95 * 100 need not be 95.
  return statistic.kind === 'percentile' ? `p${Number((statistic.share * PERCENT).toFixed(3))}` : statistic.kind;
}
