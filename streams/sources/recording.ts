import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { defer, finalize, from, ReplaySubject, type Subject, tap } from 'rxjs';
import type { RawMessage, Source, SourceEvent } from '../source.ts';
import { type Line, linesOf } from './lines.ts';
import { Pace, sentAt } from './pace.ts';
import { readRecord } from './record-format.ts';
import { CreditWindow, Lane } from './window.ts';

export interface RecordingOptions {
  /** Default: `recording`. */
  readonly name?: string;
  /** JSON lines, one file after the other; see {@link recordingSource}. */
  readonly files: readonly string[];
  /** Messages emitted and not yet acknowledged, at most; default 1000. */
  readonly window?: number;
  /** 1 plays at the recording's own time, 10 ten times as fast; absent: as fast as it is acknowledged. */
  readonly speed?: number;
}

/** A recording that cannot be read at all; says which and why. */
export class RecordingError extends Error {
  override readonly name = 'RecordingError';
}

/** Longer lines are cut (and so become dead letters): a body of 16 MiB, its JSON escaped, fits. */
export const LINE_LIMIT = 48 * 1024 * 1024;

const DEFAULT_WINDOW = 1000;

const LONGEST_TIMER = 2 ** 31 - 1;

/**
 * Plays recordings: JSON lines that are bare bodies (`{"oslo.version": …}`, or an unwrapped notification) or records as
 * `vigil record` writes them (see record-format.ts), told apart line by line. A line that is not JSON is emitted as it
 * is, so that it is counted as a dead letter. Errors with a {@link RecordingError}, before the first message, if any of
 * the files cannot be read.
 */
export function recordingSource(options: RecordingOptions): Source {
  const name = options.name ?? 'recording';
  const events = new ReplaySubject<SourceEvent>(1);
  const messages$ = defer(() => {
    const stop = new AbortController();
    const player = new Player(options, events, stop.signal);
    return from(player.play()).pipe(
      tap({ complete: () => void player.ended() }),
      finalize(() => {
        stop.abort();
        player.stopped();
      }),
    );
  });
  return { name, messages$, events$: events.asObservable() };
}

class Player {
  readonly #files: readonly string[];
  readonly #window: CreditWindow;
  readonly #lane: Lane<undefined>;
  readonly #pace: Pace | undefined;
  readonly #events: Subject<SourceEvent>;
  readonly #signal: AbortSignal;
  #complete = false;

  constructor(options: RecordingOptions, events: Subject<SourceEvent>, signal: AbortSignal) {
    this.#files = options.files;
    this.#window = new CreditWindow(options.window ?? DEFAULT_WINDOW);
    this.#lane = new Lane(this.#window);
    this.#pace = options.speed === undefined ? undefined : new Pace(options.speed);
    this.#events = events;
    this.#signal = signal;
  }

  async *play(): AsyncGenerator<RawMessage> {
    this.#say('connecting', `reading ${this.#files.join(', ')}`);
    for (const file of this.#files) await assertReadable(file);
    this.#say('connected', `reading ${this.#files.join(', ')}`);
    for (const file of this.#files) yield* this.#playFile(file);
  }

  /** To be called when nobody reads any more; at the end, {@link ended} has been called before. */
  stopped(): void {
    if (!this.#complete) this.#say('ended', 'stopped before its end');
  }

  /** To be called at the end: says so as soon as everything emitted is acknowledged. */
  async ended(): Promise<void> {
    this.#complete = true;
    await this.#window.drained();
    const detail = `all of ${this.#files.join(', ')} was read`;
    this.#say('caught-up', detail);
    this.#say('ended', detail);
  }

  async *#playFile(file: string): AsyncGenerator<RawMessage> {
    for await (const line of readLines(file)) {
      const { body, time, marker } = readLine(file, line, this.#pace !== undefined);
      if (marker !== undefined) this.#say('gap', `${file}:${line.number}: the recorder wrote "${marker}"`);
      if (body === undefined) continue;
      await this.#due(time);
      if (!this.#window.open) await this.#window.opened(this.#signal);
      if (this.#signal.aborted) return;
      yield this.#lane.message(body, { transport: 'recording', file, line: line.number }, undefined);
    }
  }

  async #due(time: number | undefined): Promise<void> {
    const wait = this.#pace?.delay(time, performance.now()) ?? 0;
    // Aborted: the one who played it has gone, which the caller looks at.
    if (wait >= 1)
      await sleep(Math.min(wait, LONGEST_TIMER), undefined, { signal: this.#signal }).catch(() => undefined);
  }

  #say(kind: SourceEvent['kind'], detail: string): void {
    this.#events.next({ kind, detail });
  }
}

/** Its lines; an error in their midst is one of the recording. */
async function* readLines(file: string): AsyncGenerator<Line> {
  try {
    yield* linesOf(file, LINE_LIMIT);
  } catch (error) {
    if (error instanceof RecordingError) throw error;
    throw new RecordingError(`cannot read the recording ${file}: ${(error as Error).message}`, { cause: error });
  }
}

interface Played {
  readonly body?: Uint8Array;
  /** When it happened, in milliseconds since 1970, if known and asked for. */
  readonly time?: number | undefined;
  readonly marker?: string;
}

/** Every nova envelope begins like this, and no record does: such a line need not be parsed to be told apart. */
const ENVELOPE_START = Buffer.from('{"oslo.');

function readLine(file: string, line: Line, timed: boolean): Played {
  const { bytes } = line;
  const bare = (): Played => ({ body: bytes, time: timed ? sentAt(bytes) : undefined });
  if (bytes.subarray(0, ENVELOPE_START.length).equals(ENVELOPE_START)) return bare();
  const parsed = parseLine(bytes);
  if (line.number === 1 && isOperation(parsed)) throw new RecordingError(notMessages(file));
  const record = readRecord(parsed);
  if (record.kind === 'marker') return { marker: record.text };
  if (record.kind === 'bare') return bare();
  return { body: record.body, time: timed ? (record.arrived ?? sentAt(record.body)) : undefined };
}

/** The line's JSON; undefined if it is none, which makes the line itself a body that nothing can be made of. */
function parseLine(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}

/** A scenario's list of API calls (`NAME.ops.jsonl`) lies beside its recording and is easily given in its place. */
function isOperation(line: unknown): boolean {
  return typeof line === 'object' && line !== null && 'op' in line && 'at_ns' in line;
}

function notMessages(file: string): string {
  const instead = file.endsWith('.ops.jsonl') ? `; the messages are in ${file.replace(/\.ops\.jsonl$/, '.jsonl')}` : '';
  return `${file} is a list of operations, not a recording of messages${instead}`;
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'permission denied',
  ENOTDIR: 'a part of the path is not a directory',
};

/** Whether a file can be played. Throws a {@link RecordingError} that says why not. */
export async function assertReadable(file: string): Promise<void> {
  if (file.endsWith('.ops.jsonl')) throw new RecordingError(notMessages(file));
  try {
    await access(file, constants.R_OK);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    throw new RecordingError(`cannot read the recording ${file}: ${REASONS[code] ?? code}`, { cause: error });
  }
  if ((await stat(file)).isDirectory()) {
    throw new RecordingError(`cannot read the recording ${file}: it is a directory, name the files in it`);
  }
  if (file.endsWith('.gz') || file.endsWith('.zst') || file.endsWith('.xz'))
    throw new RecordingError(`cannot read the recording ${file}: it is compressed, unpack it first`);
}
