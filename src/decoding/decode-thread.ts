import { Worker } from 'node:worker_threads';
import { type Decoded, decodedOf } from '../../streams/decoded.ts';
import { type Decoder, decodeHere } from '../../streams/ingest.ts';
import type { RawMessage } from '../../streams/source.ts';
import { PassedMemory } from './passed-memory.ts';
import { type Answer, type Bodies, ContentReader } from './wire.ts';

/** Fewer messages are decoded sooner than they are sent to and fro. */
const WORTH_SENDING = 16;

/** A batch that was sent. */
interface Sent {
  readonly messages: readonly RawMessage[];
  readonly now: number;
  resolve(decoded: readonly Decoded[]): void;
  reject(error: unknown): void;
}

/**
 * A thread that decodes, so that a burst of messages neither waits for the model nor holds up whoever asks it. Begun with the
 * first batch that is worth it. Should it fail, or not begin, its batches and all later ones are decoded in the thread that
 * asks.
 */
export class DecodeThread {
  readonly #entry: URL;
  readonly #onFailure: (error: Error) => void;
  #worker: Worker | null = null;
  #failed = false;
  #sent: Sent[] = [];
  readonly #memory = new PassedMemory();
  readonly #reader = new ContentReader();

  /** `onFailure` is told why the thread ended, once; `entry` is the compiled program of the thread. */
  constructor(onFailure: (error: Error) => void, entry = new URL('./worker.js', import.meta.url)) {
    this.#onFailure = onFailure;
    this.#entry = entry;
  }

  /** Decodes a batch; batches come back in the order in which they were given. */
  readonly decode: Decoder = (messages, now) => {
    const isWorth = messages.length >= WORTH_SENDING || this.#sent.length > 0;
    const worker = isWorth ? this.#begun() : null;
    if (worker === null) return decodeHere(messages, now);
    return new Promise((resolve, reject) => {
      const bodies = this.#bodiesOf(messages, now);
      this.#sent.push({ messages, now, resolve, reject });
      worker.postMessage(bodies, [bodies.bytes.buffer]);
    });
  };

  async end(): Promise<void> {
    const worker = this.#worker;
    this.#worker = null;
    this.#failed = true;
    await worker?.terminate();
    this.#decodeSentHere();
  }

  /** Null when there is none, for good. */
  #begun(): Worker | null {
    if (this.#failed) return null;
    try {
      this.#worker ??= this.#begin();
    } catch (error) {
      this.#fail(error as Error);
    }
    return this.#worker;
  }

  #begin(): Worker {
    const worker = new Worker(this.#entry);
    worker.on('message', (answer: Answer) => this.#receive(answer));
    worker.once('error', (error) => this.#fail(error as Error));
    worker.once('exit', () => this.#fail(new Error('the thread that decodes has ended')));
    return worker;
  }

  #receive({ text, bytes }: Answer): void {
    const [sent] = this.#sent;
    if (sent === undefined) return;
    this.#memory.give(bytes);
    try {
      const contents = this.#reader.read(text);
      sent.resolve(sent.messages.map((message, i) => decodedOf(message, contents[i] as (typeof contents)[number])));
      this.#sent.shift();
    } catch (error) {
      this.#fail(error as Error);
    }
  }

  #fail(error: Error): void {
    if (this.#failed) return;
    this.#failed = true;
    void this.#worker?.terminate();
    this.#onFailure(error);
    this.#decodeSentHere();
  }

  #decodeSentHere(): void {
    const sent = this.#sent;
    this.#sent = [];
    for (const { messages, now, resolve, reject } of sent) decodeHere(messages, now).then(resolve, reject);
  }

  #bodiesOf(messages: readonly RawMessage[], now: number): Bodies {
    const ends: number[] = [];
    let length = 0;
    for (const { body } of messages) {
      length += body.length;
      ends.push(length);
    }
    const bytes = this.#memory.take(length);
    for (const [i, { body }] of messages.entries()) bytes.set(body, ends[i - 1] ?? 0);
    return { bytes, ends, now };
  }
}
