import type { ServerResponse } from 'node:http';
import { VigilError } from '../../errors.ts';

interface Reader {
  pump(): void;
  beat(): void;
  end(): void;
}

/** Who reads a stream now: so many at once, each told in regular intervals that the connection lives. */
export class Readers {
  readonly #limit: number;
  readonly #present = new Set<Reader>();
  readonly #timer: NodeJS.Timeout;
  #cut = 0;

  /** `heartbeat` in milliseconds. */
  constructor(limit: number, heartbeat: number) {
    this.#limit = limit;
    this.#timer = setInterval(() => {
      for (const reader of this.#present) reader.beat();
    }, heartbeat);
    this.#timer.unref();
  }

  get count(): number {
    return this.#present.size;
  }

  /** How many were cut since the start. */
  get cut(): number {
    return this.#cut;
  }

  /** Throws when all places are taken: to be asked before the answer is begun. */
  assertRoom(): void {
    if (this.#present.size >= this.#limit) throw new VigilError('too-many-subscribers', { limit: this.#limit });
  }

  add(out: ServerResponse, reader: Reader): void {
    this.#present.add(reader);
    out.on('close', () => this.#present.delete(reader));
  }

  /** Counts a reader that was cut. */
  wasCut(): void {
    this.#cut += 1;
  }

  /** There is more to read. */
  pump(): void {
    for (const reader of this.#present) reader.pump();
  }

  close(): void {
    clearInterval(this.#timer);
    for (const reader of this.#present) reader.end();
  }
}
