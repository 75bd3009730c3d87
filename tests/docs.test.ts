import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { elementTables, errorTable } from '../src/api/tables.ts';
import { settingsTable } from '../src/config/table.ts';
import { eventTypesTable } from '../src/events/event-types.ts';
import { namingLabels, refusalsTable, sourceKindsTable } from '../src/metrics-sources/tables.ts';
import { catalogueTable, ruleTable } from '../src/sla/tables.ts';
import { actionTable, goalTable, rejectionTable, strategySections } from '../strategies/catalogue/document.ts';
import { acceptedTable } from './transcripts/accepted.ts';

/** Parts of documents that are made from the program. `npx vitest run tests/docs.test.ts -u` writes them anew. */
const PARTS = [
  ['docs/api.md', { elements: elementTables(), errors: errorTable(), 'event-types': eventTypesTable() }],
  ['docs/operations/configuration.md', { settings: settingsTable() }],
  ['docs/operations/metrics.md', { kinds: sourceKindsTable(), refusals: refusalsTable(), labels: namingLabels() }],
  ['docs/compatibility.md', { differences: acceptedTable() }],
  ['docs/sla.md', { rule: ruleTable(), catalogue: catalogueTable() }],
  [
    'docs/strategies.md',
    {
      goals: goalTable(),
      actions: actionTable(),
      strategies: strategySections(),
      rejections: rejectionTable(),
    },
  ],
] as const;

it.each(PARTS)('%s says what the program does', async (file, parts) => {
  let text = readFileSync(file, 'utf8');
  for (const [name, content] of Object.entries(parts)) {
    const part = new RegExp(`(<!-- generated: ${name} -->\n)[^]*?(<!-- end -->)`);
    expect(text).toMatch(part);
    text = text.replace(part, (_, start: string, end: string) => `${start}\n${content}\n\n${end}`);
  }
  await expect(text).toMatchFileSnapshot(`../${file}`);
});
