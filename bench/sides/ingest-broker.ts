import { randomUUID } from 'node:crypto';
import { openRedisStore } from '../../model/stores/redis/redis-store.ts';
import type { Source } from '../../streams/source.ts';
import { amqpSource } from '../../streams/sources/amqp.ts';
import { kafkaSource } from '../../streams/sources/kafka.ts';
import { Gate } from '../gate.ts';
import { startVigil } from '../vigil.ts';
import { collectGarbage, type Side } from './side.ts';

/** Where nova's messages come from. */
export type Feed =
  | { readonly kind: 'amqp'; readonly url: string; readonly exchange: string }
  | { readonly kind: 'kafka'; readonly brokers: readonly string[] };

const MILLIS_PER_SECOND = 1_000;

/**
 * Vigil between a broker and a Redis. A round drains so many messages, which wait in the broker; it gives messages a second,
 * from the first received to the last acknowledged and visible.
 */
export async function ingestBrokerSide({
  feed,
  redis,
}: {
  readonly feed: Feed;
  readonly redis: string;
}): Promise<Side> {
  const gate = new Gate(sourceOf(feed));
  const vigil = await startVigil(await openRedisStore({ url: redis, cloud: randomUUID() }), gate);
  // From now on the queue is there, or the group's place in the topic.
  await gate.open();
  await gate.close();
  return {
    round: async (task) => {
      const messages = Number(task);
      await collectGarbage();
      await gate.open();
      await vigil.taken(messages);
      const end = performance.now();
      await gate.close();
      return (messages * MILLIS_PER_SECOND) / (end - (gate.first ?? end));
    },
    close: () => vigil.stop(),
  };
}

export function sourceOf(feed: Feed): Source {
  const cloud = `bench-${process.pid}`;
  if (feed.kind === 'kafka') return kafkaSource({ cloud, brokers: feed.brokers });
  return amqpSource({ cloud, urls: [feed.url], exchanges: [feed.exchange] });
}
