import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A message of a real nova: its bytes and the text of its inner parts. */
export interface Recorded {
  readonly file: string;
  readonly body: string;
  /** The inner message, as text and parsed. */
  readonly text: string;
  readonly message: Readonly<Record<string, unknown>> & {
    readonly event_type: string;
    readonly publisher_id: string;
    readonly payload: VersionedObject;
  };
}

export interface VersionedObject {
  readonly 'nova_object.name': string;
  readonly 'nova_object.version': string;
  readonly 'nova_object.data': Readonly<Record<string, unknown>>;
}

const DATA = join(import.meta.dirname, '../data');

/** Messages of one folder of `tests/data`. */
export function recorded(folder: 'recordings' | 'recordings/kafka' | 'traces'): Recorded[] {
  const path = join(DATA, folder);
  return readdirSync(path)
    .filter((name) => name.endsWith('.jsonl') && !name.endsWith('.ops.jsonl'))
    .flatMap((name) =>
      readFileSync(join(path, name), 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => read(name, folder === 'traces' ? line : (JSON.parse(line) as { body: string }).body)),
    );
}

function read(file: string, body: string): Recorded {
  const text = (JSON.parse(body) as Record<string, string>)['oslo.message'] ?? '';
  return { file, body, text, message: JSON.parse(text) as Recorded['message'] };
}

/** The payload exactly as it stands in the message. */
export function payloadText({ text }: Recorded): string {
  const begin = text.indexOf('"payload": ') + '"payload": '.length;
  return text.slice(begin, text.lastIndexOf(', "timestamp": "', endOfPayload(text)));
}

function endOfPayload(text: string): number {
  const context = text.search(/"(_unique_id|_context)":/);
  return context < 0 ? text.length : context;
}
