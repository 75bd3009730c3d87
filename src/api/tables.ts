import { ERRORS } from '../errors.ts';
import { AGGREGATE, HOST, INSTANCE, SERVER_GROUP } from './elements/kinds.ts';

/** The errors of the API as a Markdown table, for docs/api.md. */
export function errorTable(): string {
  const rows = Object.entries(ERRORS)
    .filter(([code]) => !OF_THE_PROGRAM.has(code))
    .map(
      ([code, { status, message, whatToDo }]) => `| \`${code}\` | ${status} | ${plain(message)} | ${plain(whatToDo)} |`,
    );
  return ['| Code | Status | Message | What to do |', '|---|---|---|---|', ...rows].join('\n');
}

/** These end the program, no client is told. */
const OF_THE_PROGRAM: ReadonlySet<string> = new Set([
  'config-not-found',
  'config-unreadable',
  'config-invalid',
  'rule-file-not-found',
  'rule-file-unreadable',
  'model-file-unreadable',
  'sample-line-invalid',
]);

/** The fields of all kinds of elements as Markdown tables, for docs/api.md. */
export function elementTables(): string {
  return [HOST, INSTANCE, AGGREGATE, SERVER_GROUP]
    .map(({ kind, fields }) => {
      const rows = fields.map(
        (field) => `| \`${field.name}\`${'from' in field ? ' †' : ''} | ${descriptionOf(field.schema)} |`,
      );
      return [`### \`${kind}\``, '', '| Field | Meaning |', '|---|---|', ...rows].join('\n');
    })
    .join('\n\n');
}

function descriptionOf(schema: object): string {
  const { description = '', properties } = schema as { description?: string; properties?: { [name: string]: object } };
  if (properties === undefined) return plain(description);
  const inner = Object.entries(properties).map(
    ([name, { description: text = '' }]: [string, { description?: string }]) => {
      return text === '' ? `\`${name}\`` : `\`${name}\` (${text.replace(/\.$/, '')})`;
    },
  );
  return plain(`${description} ${inner.join(', ')}.`.trim());
}

function plain(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll('\n', ' ');
}
