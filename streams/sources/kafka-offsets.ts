import type { Admin } from './kafka-client.ts';

/** One partition of a topic. */
export interface Partition {
  readonly topic: string;
  readonly partition: number;
}

/** What the cluster holds of a partition, and what the group has committed of it; negative where it has not. */
export interface PartitionOffsets extends Partition {
  readonly committed: bigint;
  /** The oldest offset that is kept. */
  readonly low: bigint;
  /** The offset the next message will get. */
  readonly high: bigint;
}

/** Where to begin with a partition. */
export interface Start extends Partition {
  readonly offset: bigint;
  /** The end of the partition as it was now: what lies before it was waiting. */
  readonly end: bigint;
  /** The group's committed offset is another one, so it must be set. */
  readonly moved: boolean;
  /** Why messages may be missed by beginning there, if they may. */
  readonly gap?: string;
}

/** kafkajs commits this offset where it found one out of range: begin with the oldest. */
const RESET_TO_OLDEST = -2n;

/**
 * Where a group begins. A group that never committed anything is new and begins at the end, since what is kept before it
 * may be days of a past that an API read tells better. What a known group has no offset of has come since, and where its
 * offset is out of range the partition was cleared or begun anew: there everything that is kept is read.
 *
 * `awaited` names topics that were seen not to exist before: all that is in them has come since.
 */
export function planStarts(offsets: readonly PartitionOffsets[], group: string, awaited: ReadonlySet<string>): Start[] {
  const known = offsets.some(({ committed }) => committed !== -1n);
  return offsets.map(({ topic, partition, committed, low, high }) => {
    const start = (offset: bigint, gap?: string): Start => ({
      topic,
      partition,
      offset,
      end: high,
      moved: offset !== committed,
      ...(gap === undefined ? {} : { gap }),
    });
    if (committed >= low && committed <= high) return start(committed);
    if (committed === RESET_TO_OLDEST)
      return start(low, `${topic}[${partition}]: the committed offset was out of range`);
    if (committed >= 0n) return start(low, outOfRange({ topic, partition, committed, low, high }));
    if (awaited.has(topic)) return start(low);
    if (known) return start(low, `${topic}[${partition}]: the group has committed no offset, and reads what is kept`);
    return start(high, `the consumer group ${group} is new, and begins at the end`);
  });
}

function outOfRange({ topic, partition, committed, low, high }: PartitionOffsets): string {
  return committed < low
    ? `${topic}[${partition}]: offsets ${committed} to ${low - 1n} were thrown away before they were read`
    : `${topic}[${partition}]: it ends at ${high}, before the committed offset ${committed}, so it was begun anew`;
}

/** Asks for the offsets of all partitions of these topics, which must exist. */
export async function fetchOffsets(
  admin: Admin,
  group: string,
  topics: readonly string[],
): Promise<PartitionOffsets[]> {
  const committed = await admin.fetchOffsets({ groupId: group, topics: [...topics] });
  const held = await Promise.all(topics.map((topic) => admin.fetchTopicOffsets(topic)));
  return topics.flatMap((topic, index) => {
    const mine = committed.find((each) => each.topic === topic)?.partitions ?? [];
    return (held[index] ?? []).map(({ partition, low, high }) => ({
      topic,
      partition,
      committed: BigInt(mine.find((each) => each.partition === partition)?.offset ?? '-1'),
      low: BigInt(low),
      high: BigInt(high),
    }));
  });
}
