import { kafkaClient } from './kafka-client.ts';
import { explainKafkaError } from './kafka-errors.ts';
import { fetchOffsets } from './kafka-offsets.ts';
import { type KafkaOptions, kafkaSettings } from './kafka-options.ts';

/** What stands on a cluster, looked up without changing anything. */
export interface KafkaInspection {
  readonly absentTopics: readonly string[];
  readonly partitions: number;
  /** Messages the group has not committed yet; null when it never committed anything. */
  readonly waiting: bigint | null;
}

/** Looks a cluster's topics and the group's place in them up. Throws an Error in one line when it cannot be used. */
export async function inspectKafka(options: KafkaOptions): Promise<KafkaInspection> {
  const settings = kafkaSettings(options);
  try {
    return await kafkaClient(settings, () => undefined).withAdmin(async (admin) => {
      const known = new Set(await admin.listTopics());
      const present = settings.topics.filter((topic) => known.has(topic));
      const offsets = await fetchOffsets(admin, settings.group, present);
      const committed = offsets.filter((partition) => partition.committed >= 0n);
      return {
        absentTopics: settings.topics.filter((topic) => !known.has(topic)),
        partitions: offsets.length,
        waiting:
          committed.length === 0 ? null : committed.reduce((sum, { committed, high }) => sum + high - committed, 0n),
      };
    });
  } catch (error) {
    throw new Error(explainKafkaError(error, settings.brokers));
  }
}
