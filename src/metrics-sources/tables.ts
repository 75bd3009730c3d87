import { METRIC_SOURCES, UNSUPPORTED } from '../../streams/metrics/kinds.ts';
import { REFUSALS } from '../../streams/metrics/measurement.ts';

/** The kinds of sources as a Markdown table, for docs/operations/metrics.md. */
export function sourceKindsTable(): string {
  const rows = Object.entries({ ...METRIC_SOURCES, ...UNSUPPORTED }).map(
    ([kind, { title, support, about }]) => `| \`${kind}\` | ${title} | ${support} | ${about} |`,
  );
  return ['| Kind | | Support | |', '|---|---|---|---|', ...rows].join('\n');
}

/** Why measurements are refused as a Markdown table, for the same. */
export function refusalsTable(): string {
  const rows = Object.entries(REFUSALS).map(([reason, text]) => `| \`${reason}\` | ${text} |`);
  return ['| Reason | |', '|---|---|', ...rows].join('\n');
}
