import type { RawMessage } from '../source.ts';
import type { EachBatchPayload } from './kafka-client.ts';
import type { Commits } from './kafka-commits.ts';
import type { Partition, Start } from './kafka-offsets.ts';
import { type CreditWindow, Lane } from './window.ts';

type KafkaMessage = EachBatchPayload['batch']['messages'][number];

/** One partition while it is ours: what comes next, and how far it is acknowledged. Lane positions are offsets to commit. */
export class OwnPartition implements Partition {
  readonly topic: string;
  readonly partition: number;
  /** The offset that the next message of a batch should have. */
  next: bigint;
  readonly #window: CreditWindow;
  readonly #onAcknowledged: (upTo: bigint) => void;
  #lane: Lane<bigint>;

  /** `onAcknowledged` hears the offset before which everything is acknowledged. */
  constructor({ topic, partition, offset }: Start, window: CreditWindow, onAcknowledged: (upTo: bigint) => void) {
    this.topic = topic;
    this.partition = partition;
    this.next = offset;
    this.#window = window;
    this.#onAcknowledged = onAcknowledged;
    this.#lane = new Lane(window, onAcknowledged);
  }

  /** The message as the source emits it; `upTo` is the offset to begin with once it is acknowledged. */
  message(message: KafkaMessage, upTo: bigint): RawMessage {
    this.next = upTo;
    return this.#lane.message(message.value ?? EMPTY, originOf(this, message), upTo);
  }

  /** The partition was begun anew: what is in flight of the old one cannot be committed any more. */
  restart(next: bigint): void {
    this.#lane.close();
    this.#lane = new Lane(this.#window, this.#onAcknowledged);
    this.next = next;
  }

  flush(): void {
    this.#lane.flush();
  }

  close(): void {
    this.#lane.close();
  }
}

/** The partitions that the group gave to us, until it gives anew. */
export class Assignment {
  readonly #window: CreditWindow;
  readonly #commits: Commits;
  readonly #onCaughtUp: () => void;
  readonly #partitions = new Map<string, OwnPartition>();
  /** Partitions with messages that waited when we got them and are not all acknowledged. */
  readonly #behind = new Set<string>();

  /** `onCaughtUp` is called when all that waited is acknowledged. */
  constructor(window: CreditWindow, commits: Commits, onCaughtUp: () => void) {
    this.#window = window;
    this.#commits = commits;
    this.#onCaughtUp = onCaughtUp;
  }

  /** To be called once, when it is known where each partition starts. */
  begin(starts: readonly Start[]): void {
    for (const start of starts) {
      const key = keyOf(start);
      if (start.offset < start.end) this.#behind.add(key);
      const acknowledged = (upTo: bigint): void => {
        this.#commits.commit(start, upTo);
        if (upTo >= start.end && this.#behind.delete(key)) this.#look();
      };
      this.#partitions.set(key, new OwnPartition(start, this.#window, acknowledged));
    }
    this.#look();
  }

  partition(of: Partition): OwnPartition | undefined {
    return this.#partitions.get(keyOf(of));
  }

  /** What is acknowledged by now is committed. */
  flush(): void {
    for (const partition of this.#partitions.values()) partition.flush();
  }

  close(): void {
    for (const partition of this.#partitions.values()) partition.close();
  }

  #look(): void {
    if (this.#behind.size === 0) this.#onCaughtUp();
  }
}

const EMPTY = Buffer.alloc(0);

function keyOf({ topic, partition }: Partition): string {
  return `${topic}[${partition}]`;
}

function originOf({ topic, partition }: Partition, message: KafkaMessage): RawMessage['origin'] {
  const headers = Object.entries(message.headers ?? {}).map(([name, value]) => [name, String(value)]);
  return {
    transport: 'kafka',
    topic,
    partition,
    offset: message.offset,
    timestamp: message.timestamp,
    key: message.key === null ? null : String(message.key),
    headers: Object.fromEntries(headers),
  };
}
