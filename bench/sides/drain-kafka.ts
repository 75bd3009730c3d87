import { kafkaOf, TOPIC } from '../brokers/kafka.ts';
import { decodeTwice } from './decode.ts';
import { collectGarbage, type Side } from './side.ts';

const MILLIS_PER_SECOND = 1_000;
const GROUP = 'bare';

/** The bare client: receives so many messages, decodes them and commits how far it is. Messages a second. */
export async function drainKafkaSide({ brokers }: { readonly brokers: readonly string[] }): Promise<Side> {
  const kafka = kafkaOf(brokers);
  return {
    round: async (task) => {
      const messages = Number(task);
      const consumer = kafka.consumer({ groupId: GROUP, maxWaitTimeInMs: 500 });
      await consumer.connect();
      await consumer.subscribe({ topic: TOPIC, fromBeginning: true });
      await collectGarbage();
      const rate = await new Promise<number>((resolve, reject) => {
        let first = 0;
        let received = 0;
        const eachBatch = async ({
          batch,
        }: {
          batch: { partition: number; messages: { value: Buffer | null }[]; lastOffset(): string };
        }): Promise<void> => {
          if (received === 0) first = performance.now();
          for (const { value } of batch.messages) if (value !== null) decodeTwice(value);
          received += batch.messages.length;
          const offset = String(BigInt(batch.lastOffset()) + 1n);
          await consumer.commitOffsets([{ topic: TOPIC, partition: batch.partition, offset }]);
          if (received >= messages) resolve((messages * MILLIS_PER_SECOND) / (performance.now() - first));
        };
        consumer.run({ autoCommit: false, eachBatch }).catch(reject);
      });
      await consumer.disconnect();
      return rate;
    },
    close: async () => undefined,
  };
}
