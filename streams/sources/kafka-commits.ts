import { setTimeout as sleep } from 'node:timers/promises';
import type { Consumer } from './kafka-client.ts';
import type { Partition } from './kafka-offsets.ts';

const RETRY_MS = 1_000;

/** The group has moved on: whoever has the partition now reads from the last offset committed. */
const REVOKED = /REBALANCE_IN_PROGRESS|ILLEGAL_GENERATION|UNKNOWN_MEMBER_ID/;

/**
 * Commits offsets, one request at a time: what is asked for during a request is the next one, of each partition only the
 * last. A commit that fails is tried again until it is overtaken, dropped, or the signal is aborted.
 */
export class Commits {
  readonly #consumer: Pick<Consumer, 'commitOffsets'>;
  readonly #signal: AbortSignal;
  #due = new Map<string, Partition & { readonly offset: string }>();
  #drops = 0;
  #running: Promise<void> | undefined;

  constructor(consumer: Pick<Consumer, 'commitOffsets'>, signal: AbortSignal) {
    this.#consumer = consumer;
    this.#signal = signal;
  }

  /** The group is to begin with this offset of the partition the next time. */
  commit({ topic, partition }: Partition, offset: bigint): void {
    this.#due.set(`${topic}/${partition}`, { topic, partition, offset: String(offset) });
    this.#running ??= this.#run();
  }

  /** Forgets what is not committed yet: the partitions are not ours any more. */
  drop(): void {
    this.#due.clear();
    this.#drops++;
  }

  /** Resolves when everything asked for is committed, or given up. */
  async settled(): Promise<void> {
    await this.#running;
  }

  async #run(): Promise<void> {
    while (this.#due.size > 0) {
      const taken = this.#due;
      const drops = this.#drops;
      this.#due = new Map();
      try {
        await this.#consumer.commitOffsets([...taken.values()]);
      } catch (error) {
        if (this.#signal.aborted || this.#drops !== drops || REVOKED.test(typeOf(error))) continue;
        this.#due = new Map([...taken, ...this.#due]);
        await sleep(RETRY_MS, undefined, { signal: this.#signal }).catch(() => undefined);
      }
    }
    this.#running = undefined;
  }
}

function typeOf(error: unknown): string {
  for (let each = error; each instanceof Error; each = each.cause) {
    if ('type' in each && typeof each.type === 'string') return each.type;
  }
  return '';
}
