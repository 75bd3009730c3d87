import { connect } from 'amqplib';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type RabbitServer, startRabbit } from '../../servers/rabbitmq.ts';
import { createSimulatedCloud, type Emission } from '../../sim/index.ts';
import { publishAmqp } from '../../sim/publish-amqp.ts';
import { publishKafka } from '../../sim/publish-kafka.ts';
import type { RawMessage, Source } from '../../streams/source.ts';
import { amqpSource } from '../../streams/sources/amqp.ts';
import { kafkaSource } from '../../streams/sources/kafka.ts';
import { type SharedKafka, type SharedRabbit, useKafka, useRabbit } from '../services/use.ts';

let rabbit: SharedRabbit;
let kafka: SharedKafka;
const closing: (() => Promise<void> | void)[] = [];

beforeAll(async () => {
  [rabbit, kafka] = await Promise.all([useRabbit(), useKafka()]);
});

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** Ids of the messages that a source gave, each acknowledged. */
async function listen(source: Source): Promise<{ ids: string[]; messages: RawMessage[] }> {
  const ids: string[] = [];
  const messages: RawMessage[] = [];
  const ready = new Promise<void>((resolve) => {
    source.events$.subscribe(({ kind }) => kind === 'caught-up' && resolve());
  });
  const subscription = source.messages$.subscribe((message) => {
    ids.push(/\\"message_id\\": \\"([^\\]+)/.exec(Buffer.from(message.body).toString())?.[1] ?? '');
    messages.push(message);
    message.ack();
  });
  closing.push(() => subscription.unsubscribe());
  await ready;
  return { ids, messages };
}

function idsOf(emissions: readonly Emission[]): string[] {
  return emissions.map(({ messageId }) => messageId);
}

describe('a simulated cloud publishes', () => {
  test('over RabbitMQ as nova does, to an exchange that is not durable', async () => {
    const publisher = await publishAmqp({ url: rabbit.url });
    closing.push(() => publisher.close());
    const heard = await listen(amqpSource({ cloud: rabbit.prefix, urls: [rabbit.url] }));
    const cloud = createSimulatedCloud({ operationsPerSecond: 20, failures: 0.3 });
    cloud.publishTo(publisher);
    const sent = [...cloud.emissions(500)];
    await publisher.flushed();
    await expect.poll(() => heard.ids.length).toBeGreaterThanOrEqual(500);
    expect(heard.ids.slice(0, 500)).toEqual(idsOf(sent));
    const error = heard.messages[sent.findIndex(({ priority }) => priority === 'ERROR')]?.origin;
    expect(error).toMatchObject({
      exchange: 'nova',
      routingKey: 'versioned_notifications.error',
      properties: { contentType: 'application/json', contentEncoding: 'utf-8', deliveryMode: 2, priority: 0 },
    });
    const connection = await connect(rabbit.url);
    closing.push(() => connection.close());
    const channel = await connection.createChannel();
    await expect(channel.assertExchange('nova', 'topic', { durable: false })).resolves.toBeDefined();
  });

  test('over Kafka as nova does, without keys, each priority to its own topic', async () => {
    const publisher = await publishKafka({ brokers: kafka.brokers, prefix: `${kafka.prefix}.` });
    closing.push(() => publisher.close());
    const topics = ['info', 'error'].map((priority) => `${kafka.prefix}.versioned_notifications.${priority}`);
    const heard = await listen(kafkaSource({ cloud: kafka.prefix, brokers: kafka.brokers, topics }));
    const cloud = createSimulatedCloud({ operationsPerSecond: 20, failures: 0.3, wire: 'kafka' });
    cloud.publishTo(publisher);
    const sent = [...cloud.emissions(2000)];
    await publisher.flushed();
    await expect.poll(() => heard.ids.length).toBeGreaterThanOrEqual(2000);
    expect(heard.ids).toEqual(expect.arrayContaining(idsOf(sent)));
    const infos = sent.filter(({ priority }) => priority === 'INFO');
    const onInfo = heard.ids.filter((_, i) => {
      const origin = heard.messages[i]?.origin;
      return origin?.transport === 'kafka' && origin.topic === topics[0];
    });
    expect(onInfo.slice(0, infos.length)).toEqual(idsOf(infos));
    expect(heard.messages.every(({ origin }) => origin.transport === 'kafka' && origin.key === null)).toBe(true);
  });

  test('a broker that cannot be reached is told at once', async () => {
    await expect(publishAmqp({ url: 'amqp://127.0.0.1:1/' })).rejects.toThrow(/ECONNREFUSED/);
    await expect(publishKafka({ brokers: ['127.0.0.1:1'] })).rejects.toThrow();
  });
});

describe('a RabbitMQ that is killed', () => {
  let server: RabbitServer;
  beforeAll(async () => {
    server = await startRabbit();
  });
  afterAll(() => server.stop());

  test('gets everything that it had not confirmed once it is back', async () => {
    const troubles: string[] = [];
    const publisher = await publishAmqp({ url: server.url, onTrouble: (text) => troubles.push(text) });
    closing.push(() => publisher.close());
    const cloud = createSimulatedCloud({ operationsPerSecond: 20 });
    cloud.publishTo(publisher);
    await server.kill();
    await expect.poll(() => troubles.length).toBeGreaterThan(0);
    const sent = [...cloud.emissions(300)];
    expect(publisher.waiting).toBe(300);
    await server.restart();
    const heard = await listen(amqpSource({ cloud: 'again', urls: [server.url] }));
    await publisher.flushed();
    const more = [...cloud.emissions(100)];
    await publisher.flushed();
    await expect.poll(() => heard.ids.at(-1)).toBe(more.at(-1)?.messageId);
    expect(sent.length + more.length).toBe(400);
  });
});
