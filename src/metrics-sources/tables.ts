import { METRIC_SOURCES, UNSUPPORTED } from '../../streams/metrics/kinds.ts';
import { REFUSALS } from '../../streams/metrics/measurement.ts';
import { NAMING_LABELS } from '../../streams/metrics/naming.ts';

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

/** Which labels may name a host or an instance as Markdown, for the same. */
export function namingLabels(): string {
  return Object.entries(NAMING_LABELS)
    .map(([kind, labels]) => `- ${kind}: ${labels.map((label) => `\`${label}\``).join(', ')}`)
    .join('\n');
}
