import type { MigrationState } from '../../model/registers.ts';
import type { ChangeEvent } from '../api/changes/event.ts';
import type { ApiClient } from '../client/api-client.ts';
import { printable } from './printable.ts';

/** Which changes are wanted; as the query parameters of /model/changes. */
export interface WatchFilters {
  readonly kind?: string;
  readonly host?: string;
  readonly project?: string;
  readonly instance?: string;
}

/** Writes a line for every change of the model, as it happens, until the connection ends. */
export async function watch(
  api: ApiClient,
  filters: WatchFilters,
  json: boolean,
  write: (line: string) => void,
): Promise<void> {
  const query = new URLSearchParams({ ...filters, snapshot: 'false' });
  for await (const { name, data } of api.events(`/model/changes?${query}`)) {
    if (json) write(JSON.stringify({ event: name, ...(data as object) }));
    else if (name === 'resync') write('-- the stream could not be continued; what changed meanwhile is not shown');
    else if (name === 'change') write(describeChange(data as ChangeEvent));
  }
}

/** A change in one line: when and where it was said, of what, and what became of it. */
export function describeChange(change: ChangeEvent): string {
  const { kind, id, cause, before, after } = change;
  const name = printable((after ?? before)?.name ?? id);
  const subject = kind === 'host' || name === id ? `${kind} ${printable(id)}` : `${kind} ${name} (${printable(id)})`;
  const said = cause === null ? '' : `  [${printable(cause.event)} by ${printable(cause.publisher)}]`;
  return `${cause?.at ?? ''} ${subject}: ${whatHappened(change)}${said}`.trimStart();
}

function whatHappened({ change, fields, before, after }: ChangeEvent): string {
  if (change === 'added') return `appeared${after?.host ? ` on ${printable(after.host)}` : ''}`;
  if (change === 'removed') return `gone${before?.host ? ` from ${printable(before.host)}` : ''}`;
  return fields.map((field) => whatBecame(field, before, after)).join(', ');
}

/** What takes more room than that says less than the name of its field. */
const LONGEST = 160;

function whatBecame(field: string, before: ChangeEvent['before'], after: ChangeEvent['after']): string {
  const show = field === 'migration' ? migrationText : printable;
  const text = `${field} ${show(before?.[field])} -> ${show(after?.[field])}`;
  return text.length > LONGEST ? `${field} changed` : text;
}

function migrationText(value: unknown): string {
  if (value === null || value === undefined) return printable(value);
  const { type, status, source_host: from, dest_host: to } = value as MigrationState;
  return printable(`${type} from ${from} to ${to} (${status})`);
}
