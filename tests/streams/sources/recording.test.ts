import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lastValueFrom, tap, toArray } from 'rxjs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RawMessage, SourceEvent } from '../../../streams/source.ts';
import { LINE_LIMIT, type RecordingOptions, recordingSource } from '../../../streams/sources/recording.ts';

const DATA = new URL('../../data/', import.meta.url).pathname;
const LIVE_MIGRATION = join(DATA, 'recordings/live-migration.jsonl');
const TRACE = join(DATA, 'traces/live_migration_success.jsonl');

let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vigil-recording-'));
});

afterAll(() => rm(folder, { recursive: true }));

async function fileWith(content: string | Buffer): Promise<string> {
  const file = join(folder, `${Math.random()}.jsonl`);
  await writeFile(file, content);
  return file;
}

/** Everything a recording gives to a consumer that acknowledges each message at once. */
function playAll(options: RecordingOptions): Promise<RawMessage[]> {
  return lastValueFrom(
    recordingSource(options).messages$.pipe(
      tap((message) => message.ack()),
      toArray(),
    ),
  );
}

function texts(messages: readonly RawMessage[]): string[] {
  return messages.map(({ body }) => Buffer.from(body).toString('utf8'));
}

function ackAll(messages: readonly RawMessage[]): void {
  for (const message of messages) message.ack();
}

function notification(timestamp: string): Record<string, unknown> {
  return { message_id: 'm', publisher_id: 'nova-compute:a', event_type: 'instance.update', payload: {}, timestamp };
}

async function linesOfFile(file: string): Promise<string[]> {
  return (await readFile(file, 'utf8')).trimEnd().split('\n');
}

describe('a recording', () => {
  test('of records gives their exact bodies, in order, with file and line', async () => {
    const records = (await linesOfFile(LIVE_MIGRATION)).map((line) => JSON.parse(line));
    const messages = await playAll({ files: [LIVE_MIGRATION] });
    expect(texts(messages)).toEqual(records.map((record) => record.body));
    expect(messages[2]?.origin).toEqual({ transport: 'recording', file: LIVE_MIGRATION, line: 3 });
  });

  test('of bare bodies gives its lines', async () => {
    expect(texts(await playAll({ files: [TRACE] }))).toEqual(await linesOfFile(TRACE));
  });

  test('may mix both, line by line, with blank lines, CRLF, a byte order mark and no end of the last line', async () => {
    const bare = '{"event_type": "x"}';
    const file = await fileWith(`\uFEFF${bare}\r\n\r\n{"body": "é", "seq": 1}\n\n{"body_base64": "/wA="}\n${bare}`);
    const messages = await playAll({ files: [file] });
    expect(messages.map(({ body }) => Buffer.from(body))).toEqual([
      Buffer.from(bare),
      Buffer.from('é'),
      Buffer.from([0xff, 0x00]),
      Buffer.from(bare),
    ]);
    expect(messages.map(({ origin }) => 'line' in origin && origin.line)).toEqual([1, 3, 5, 6]);
  });

  test('gives several files one after the other', async () => {
    const files = [await fileWith('{"body": "a"}\n'), await fileWith('{"body": "b"}\n')];
    expect(texts(await playAll({ files }))).toEqual(['a', 'b']);
  });

  test('gives a broken line as it is, to be a dead letter', async () => {
    const broken = ['{"seq": 1, "body": "cut off', 'not JSON', '{"oslo.version": "2.0", "osl'];
    const file = await fileWith(`${broken.join('\n')}\n{"body": "whole"}\n`);
    expect(texts(await playAll({ files: [file] }))).toEqual([...broken, 'whole']);
  });

  test('gives bytes that are not text as they are', async () => {
    const [message] = await playAll({ files: [await fileWith(Buffer.from([0xff, 0xfe, 0x00]))] });
    expect(message?.body).toEqual(Buffer.from([0xff, 0xfe, 0x00]));
  });

  test('cuts a line without end', async () => {
    const file = await fileWith(
      Buffer.concat([Buffer.alloc(LINE_LIMIT + 1, 'x'), Buffer.from('\n{"body": "next"}\n')]),
    );
    const messages = await playAll({ files: [file] });
    expect(messages.map(({ body }) => body.length)).toEqual([LINE_LIMIT, 4]);
  });

  test('of no messages ends at once', async () => {
    expect(await playAll({ files: [await fileWith('')] })).toEqual([]);
  });
});

describe('a recording never has more in flight than its window', () => {
  test('and goes on as it is acknowledged', async () => {
    const file = await fileWith('{"body": "x"}\n'.repeat(100));
    const held: RawMessage[] = [];
    let most = 0;
    const all = await lastValueFrom(
      recordingSource({ files: [file], window: 7 }).messages$.pipe(
        tap((message) => {
          held.push(message);
          most = Math.max(most, held.length);
          if (held.length === 7) setImmediate(() => ackAll(held.splice(0)));
        }),
        toArray(),
      ),
    );
    expect([all.length, most]).toEqual([100, 7]);
  });

  test('and stops there when nothing is acknowledged', async () => {
    const file = await fileWith('{"body": "x"}\n'.repeat(100));
    const source = recordingSource({ files: [file], window: 7 });
    const emitted: RawMessage[] = [];
    const subscription = source.messages$.subscribe((message) => emitted.push(message));
    await expect.poll(() => emitted.length).toBe(7);
    for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
    expect(emitted.length).toBe(7);
    subscription.unsubscribe();
    emitted[0]?.ack();
    for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
    expect(emitted.length).toBe(7);
  });
});

describe('a recording at its own time', () => {
  test('gives the same messages as at full speed', async () => {
    const [paced, full] = [await playAll({ files: [TRACE], speed: 1e6 }), await playAll({ files: [TRACE] })];
    expect(texts(paced)).toEqual(texts(full));
  });

  test.each([
    [
      'records by their arrival',
      { body: '{}', arrived: '2026-11-23T00:00:00Z' },
      { body: '{}', arrived: '2026-11-24T00:00:00Z' },
    ],
    ['bare bodies by when they were sent', notification('2026-11-23 00:00:00'), notification('2026-11-24 00:00:00.5')],
  ])('holds %s back, and ends its wait when unsubscribed', async (_what, first, second) => {
    const file = await fileWith(`${JSON.stringify(first)}\n${JSON.stringify(second)}\n`);
    const emitted: RawMessage[] = [];
    const subscription = recordingSource({ files: [file], speed: 1 }).messages$.subscribe((message) =>
      emitted.push(message),
    );
    await expect.poll(() => emitted.length).toBe(1);
    for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
    subscription.unsubscribe();
    for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
    expect(emitted.length).toBe(1);
  });

  test('needs a speed above 0', async () => {
    await expect(playAll({ files: [TRACE], speed: 0 })).rejects.toThrow(/greater than 0/);
  });
});

describe('a recording says', () => {
  async function eventsOf(options: RecordingOptions): Promise<SourceEvent[]> {
    const source = recordingSource(options);
    const events: SourceEvent[] = [];
    source.events$.subscribe((event) => events.push(event));
    await lastValueFrom(source.messages$.pipe(tap((message) => message.ack())), { defaultValue: undefined });
    await expect.poll(() => events.at(-1)?.kind).toBe('ended');
    return events;
  }

  test('what it reads, that it caught up and that it ended', async () => {
    const events = await eventsOf({ files: [TRACE] });
    expect(events.map(({ kind }) => kind)).toEqual(['connecting', 'connected', 'caught-up', 'ended']);
    expect(events[0]?.detail).toContain(TRACE);
  });

  test('caught up only once everything is acknowledged', async () => {
    const file = await fileWith('{"body": "x"}\n{"body": "y"}\n');
    const source = recordingSource({ files: [file] });
    const events: string[] = [];
    source.events$.subscribe(({ kind }) => events.push(kind));
    const messages = await lastValueFrom(source.messages$.pipe(toArray()));
    messages[1]?.ack();
    await new Promise((resolve) => setImmediate(resolve));
    expect(events.at(-1)).toBe('connected');
    messages[0]?.ack();
    await expect.poll(() => events.slice(-2)).toEqual(['caught-up', 'ended']);
  });

  test('where its recorder lost the connection', async () => {
    const file = await fileWith('{"body": "x"}\n{"marker": "connection lost", "at_ns": 1}\n{"body": "y"}\n');
    const gap = (await eventsOf({ files: [file] })).find(({ kind }) => kind === 'gap');
    expect(gap?.detail).toBe(`${file}:2: the recorder wrote "connection lost"`);
  });
});

describe('a file that is no recording', () => {
  test('that is not there is named, before any message of the others', async () => {
    const missing = join(folder, 'missing.jsonl');
    const seen: RawMessage[] = [];
    const playing = lastValueFrom(
      recordingSource({ files: [TRACE, missing] }).messages$.pipe(tap((message) => seen.push(message))),
    );
    await expect(playing).rejects.toThrow(`cannot read the recording ${missing}: there is no such file`);
    expect(seen).toEqual([]);
  });

  test('that is a directory is named', async () => {
    await expect(playAll({ files: [folder] })).rejects.toThrow(/is a directory/);
  });

  test('that lists the operations of a scenario says where the messages are', async () => {
    const ops = LIVE_MIGRATION.replace('.jsonl', '.ops.jsonl');
    await expect(playAll({ files: [ops] })).rejects.toThrow(`the messages are in ${LIVE_MIGRATION}`);
  });

  test('that lists operations under another name is recognised too', async () => {
    const file = await fileWith(await readFile(LIVE_MIGRATION.replace('.jsonl', '.ops.jsonl')));
    await expect(playAll({ files: [file] })).rejects.toThrow(/list of operations, not a recording/);
  });
});
