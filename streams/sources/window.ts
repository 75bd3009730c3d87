import type { Origin, RawMessage } from '../source.ts';

/** Bodies in flight of one source, unless a single one is larger: nova's usual messages never come near it. */
export const WINDOW_BYTES = 64 * 1024 * 1024;

/**
 * The credit of a source: a message may be emitted while those emitted and not yet acknowledged are fewer than `size`, and
 * their bodies together smaller than `bytes`.
 * It belongs to one subscription of a source and outlives its reconnects, so that messages of a lost connection, which
 * are still being worked on, count too.
 */
export class CreditWindow {
  readonly size: number;
  readonly bytes: number;
  #inFlight = 0;
  #bytesInFlight = 0;
  readonly #onOpen = new Set<() => void>();
  readonly #onDrained = new Set<() => void>();

  constructor(size: number, bytes = WINDOW_BYTES) {
    if (!Number.isInteger(size) || size < 1) throw new RangeError(`a window holds at least one message, not ${size}`);
    this.size = size;
    this.bytes = bytes;
  }

  /** Messages emitted and not yet acknowledged. */
  get inFlight(): number {
    return this.#inFlight;
  }

  /** Whether one more message may be emitted. */
  get open(): boolean {
    return this.#inFlight < this.size && this.hasRoom;
  }

  /** Whether the bodies in flight leave room for another. */
  get hasRoom(): boolean {
    return this.#bytesInFlight < this.bytes;
  }

  /** One message of so many bytes is emitted. A broker that knows nothing of bytes may send some more than there is room for. */
  take(bytes: number): void {
    if (this.#inFlight === this.size) throw new RangeError(`the window of ${this.size} messages is full`);
    this.#inFlight++;
    this.#bytesInFlight += bytes;
  }

  /** One message of so many bytes is acknowledged. */
  give(bytes: number): void {
    this.#inFlight--;
    this.#bytesInFlight -= bytes;
    if (!this.hasRoom) return;
    for (const resume of this.#onOpen) resume();
    if (this.#inFlight === 0) for (const resume of this.#onDrained) resume();
  }

  /** Resolves when a message may be emitted, or when `signal` is aborted. */
  opened(signal: AbortSignal): Promise<void> {
    return this.open ? Promise.resolve() : waiting(this.#onOpen, signal);
  }

  /** Resolves when nothing is in flight, or when `signal` is aborted. */
  drained(signal?: AbortSignal): Promise<void> {
    return this.#inFlight === 0 ? Promise.resolve() : waiting(this.#onDrained, signal);
  }
}

/**
 * One ordered line of messages (an AMQP channel, a Kafka partition, a recording) within a window. Its messages may be
 * acknowledged in any order; `onPrefix` hears only of the contiguous acknowledged prefix, as the position of its last
 * message, and at most once in a turn of the event loop, so that a batch of acknowledgements is one to the broker.
 */
export class Lane<Position> {
  readonly #window: CreditWindow;
  #onPrefix: ((last: Position) => void) | undefined;
  #oldest: LaneMessage<Position> | undefined;
  #newest: LaneMessage<Position> | undefined;
  #prefix: { readonly last: Position } | undefined;

  constructor(window: CreditWindow, onPrefix?: (last: Position) => void) {
    this.#window = window;
    this.#onPrefix = onPrefix;
  }

  /** The next message of the lane; takes credit from the window, which its `ack()` gives back. */
  message(body: Uint8Array, origin: Origin, position: Position): RawMessage {
    this.#window.take(body.length);
    const message = new LaneMessage(this, body, origin, position);
    if (this.#newest === undefined) this.#oldest = message;
    else this.#newest.next = message;
    this.#newest = message;
    return message;
  }

  /** To be called by the messages of this lane only: one of so many bytes was acknowledged. */
  acknowledged(bytes: number): void {
    let passed: LaneMessage<Position> | undefined;
    while (this.#oldest?.acked) {
      passed = this.#oldest;
      this.#oldest = passed.next;
      passed.next = undefined;
    }
    if (this.#oldest === undefined) this.#newest = undefined;
    if (passed !== undefined) this.#report(passed.position);
    this.#window.give(bytes);
  }

  /** The connection is gone: what is acknowledged from now on gives credit back and says nothing to `onPrefix`. */
  close(): void {
    this.#onPrefix = undefined;
  }

  /** Tells `onPrefix` at once what it would be told at the end of this turn of the event loop. */
  flush(): void {
    const prefix = this.#prefix;
    this.#prefix = undefined;
    if (prefix !== undefined) this.#onPrefix?.(prefix.last);
  }

  #report(last: Position): void {
    const scheduled = this.#prefix !== undefined;
    this.#prefix = { last };
    if (!scheduled) queueMicrotask(() => this.flush());
  }
}

class LaneMessage<Position> implements RawMessage {
  readonly body: Uint8Array;
  readonly origin: Origin;
  readonly arrived = Date.now();
  readonly position: Position;
  next: LaneMessage<Position> | undefined = undefined;
  acked = false;
  readonly #lane: Lane<Position>;

  constructor(lane: Lane<Position>, body: Uint8Array, origin: Origin, position: Position) {
    this.#lane = lane;
    this.body = body;
    this.origin = origin;
    this.position = position;
  }

  ack(): void {
    if (this.acked) return;
    this.acked = true;
    this.#lane.acknowledged(this.body.length);
  }
}

function waiting(waiters: Set<() => void>, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const resume = (): void => {
      waiters.delete(resume);
      signal?.removeEventListener('abort', resume);
      resolve();
    };
    signal?.addEventListener('abort', resume);
    waiters.add(resume);
  });
}
