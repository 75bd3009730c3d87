import { startKafka } from '../../servers/kafka.ts';
import { startRabbit } from '../../servers/rabbitmq.ts';
import { startRedis } from '../../servers/redis.ts';
import { publishToAmqp } from '../brokers/amqp.ts';
import { publishToKafka } from '../brokers/kafka.ts';
import type { Publisher } from '../brokers/publisher.ts';
import type { Hold } from '../holding.ts';
import { type Messages, readMessages, writeMessages } from '../messages.ts';
import type { Runner } from '../rounds.ts';
import type { Feed } from '../sides/ingest-broker.ts';
import { startSide } from '../sides/remote.ts';
import type { Side } from '../sides/side.ts';
import { compared, INGEST_ROUNDS, RATE, USUAL } from './benchmark.ts';

const MESSAGES = 20_000;
const ROUNDS = INGEST_ROUNDS.warmUps + INGEST_ROUNDS.rounds;
const EXCHANGE = 'nova';

/** How much of the speed of the bare client is left between RabbitMQ and Redis. */
export const amqpRedisToDrain = compared(
  { name: 'ingest.amqp-redis/drain+decode', unit: RATE, required: 0.5, rounds: INGEST_ROUNDS },
  async (hold) => {
    const { url } = await hold(startRabbit(), (server) => server.stop());
    const publisher = await hold(publishToAmqp(url, EXCHANGE), (open) => open.close());
    const a = await ingesting(hold, { kind: 'amqp', url, exchange: EXCHANGE });
    const b = await hold(startSide('drain amqp', { url, exchange: EXCHANGE }), (side) => side.close());
    const messages = await hold(writeMessages({ ...USUAL, wire: 'rabbit' }, ROUNDS, MESSAGES), (it) => it.remove());
    return draining(messages, publisher, a, b);
  },
);

/** The same between Kafka and Redis. */
export const kafkaRedisToDrain = compared(
  { name: 'ingest.kafka-redis/drain+decode', unit: RATE, required: 0.5, rounds: INGEST_ROUNDS },
  async (hold) => {
    const { brokers } = await hold(startKafka(), (server) => server.stop());
    const publisher = await hold(publishToKafka(brokers), (open) => open.close());
    const a = await ingesting(hold, { kind: 'kafka', brokers });
    const b = await hold(startSide('drain kafka', { brokers }), (side) => side.close());
    const messages = await hold(writeMessages({ ...USUAL, wire: 'kafka' }, ROUNDS, MESSAGES), (it) => it.remove());
    return draining(messages, publisher, a, b);
  },
);

async function ingesting(hold: Hold, feed: Feed): Promise<Side> {
  const { url: redis } = await hold(startRedis(), (server) => server.stop());
  return hold(startSide('ingest broker', { feed, redis }), (side) => side.close());
}

/** Both have the population first, then each round drains the same messages, which wait for both when it begins. */
async function draining(messages: Messages, publisher: Publisher, a: Side, b: Side): Promise<{ a: Runner; b: Runner }> {
  const population = readMessages(messages.population);
  await publisher.publish(population);
  for (const side of [a, b]) await side.round(String(population.length));
  let published = -1;
  const runner =
    (side: Side): Runner =>
    async (round) => {
      if (published < round) {
        published = round;
        await publisher.publish(readMessages(messages.rounds[round] ?? ''));
      }
      return side.round(String(MESSAGES));
    };
  return { a: runner(a), b: runner(b) };
}
