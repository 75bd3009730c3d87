import type { ServerResponse } from 'node:http';
import { formatHeartbeat } from '../changes/format.ts';

/** What readers read from: places count up for ever; what lies before `start` is gone. */
export interface Tape {
  readonly start: number;
  readonly end: number;
  /** Grows each time it began anew: every place from before is void. */
  readonly generation: number;
}

/** What one reader is told. */
export interface Told {
  /** The text of a place; null when it is not for this reader. */
  textAt(place: number): string | null;
  /** The id after which a reader that has everything continues. */
  position(): string | undefined;
  /** Says that what was told is void, and sets the reader's place anew. */
  startOver(): void;
}

/** Text written at once, at most (characters); beyond it one waits until the connection has taken it. */
const CHUNK = 65_536;
/**
 * A connection that took no chunk in so many heartbeats is cut. Of one that is slow the system's buffer has to become free in
 * good part before it takes another: that takes it a while though it reads on.
 */
const STALLED_BEATS = 4;

/**
 * One reader of server-sent events: a place on a tape, and what is to be sent before it, made as the connection takes it. It
 * holds no more unsent text than one chunk, however slow the reader.
 */
export class SseWriter {
  /** Null while it is not known yet where to begin. */
  place: number | null = null;
  /** What comes before the place. */
  before: Iterator<string> | null = null;
  readonly #out: ServerResponse;
  readonly #tape: Tape;
  readonly #told: Told;
  readonly #onCut: (why: string) => void;
  #generation: number;
  #blocked = false;
  #blockedBeats = 0;

  constructor(out: ServerResponse, tape: Tape, told: Told, onCut: (why: string) => void) {
    this.#out = out;
    this.#tape = tape;
    this.#told = told;
    this.#onCut = onCut;
    this.#generation = tape.generation;
  }

  /** Whether either side has ended the connection. */
  get over(): boolean {
    return this.#out.destroyed || this.#out.writableEnded;
  }

  /** The place is one of the tape as it is now. */
  accept(): void {
    this.#generation = this.#tape.generation;
  }

  /** Sends what there is, as far as the connection takes it. */
  pump(): void {
    if (this.over || this.place === null) return;
    if (this.#generation !== this.#tape.generation) {
      if (this.#blocked) return;
      this.accept();
      this.#told.startOver();
    }
    if (this.place < this.#tape.start) {
      this.#cut('it fell behind all changes held');
      return;
    }
    const text = this.#blocked ? '' : this.#gather();
    if (text !== '') this.write(text);
  }

  /** Says that the connection lives and where it is; cuts it when it takes nothing. */
  beat(): void {
    if (this.over) return;
    if (this.#blocked) {
      this.#blockedBeats += 1;
      if (this.#blockedBeats >= STALLED_BEATS)
        this.#cut(`it read too slowly: nothing more could be sent for ${STALLED_BEATS} heartbeats`);
      return;
    }
    const upToDate = this.before === null && this.place === this.#tape.end;
    this.write(formatHeartbeat(upToDate ? this.#told.position() : undefined));
  }

  /** Sends a text. What comes after it waits for the connection, and for a turn of everybody else. */
  write(text: string): void {
    this.#blocked = true;
    const goOn = (): void => {
      setImmediate(() => {
        this.#blocked = false;
        this.#blockedBeats = 0;
        this.pump();
      });
    };
    if (this.#out.write(text)) goOn();
    else this.#out.once('drain', goOn);
  }

  end(): void {
    this.#out.end();
  }

  /** The next text to send; empty when there is none. */
  #gather(): string {
    let text = '';
    while (text.length < CHUNK && this.before !== null) {
      const next = this.before.next();
      if (next.done === true) this.before = null;
      else text += next.value;
    }
    while (text.length < CHUNK && this.place !== null && this.place < this.#tape.end) {
      text += this.#told.textAt(this.place) ?? '';
      this.place += 1;
    }
    return text;
  }

  #cut(why: string): void {
    this.#onCut(why);
    this.#out.destroy();
  }
}
