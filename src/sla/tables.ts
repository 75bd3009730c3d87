import { CATALOGUE } from '../../model/metrics/catalogue.ts';
import { schemaNode } from '../config/json-schema.ts';
import { groupTable } from '../config/table.ts';
import { RULE } from './rule-schema.ts';

/** What a rule may have as a Markdown table, for docs/sla.md. */
export function ruleTable(): string {
  return groupTable(schemaNode(RULE));
}

/** The metric catalogue as a Markdown table, for the same. */
export function catalogueTable(): string {
  const rows = CATALOGUE.map(({ name, description, unit, of, provisions }) => {
    const by = [...new Set(provisions.map((provision) => provision.by))].join(', ');
    return `| \`${name}\` | ${description} | ${unit} | ${of.join(', ')} | ${by} |`;
  });
  return ['| Metric | | Unit | Of | Provided by |', '|---|---|---|---|---|', ...rows].join('\n');
}
