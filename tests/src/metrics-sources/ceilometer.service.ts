import { Subject } from 'rxjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { metricTable } from '../../../model/metrics/catalogue.ts';
import type { CeilometerAmqpConfig, CeilometerKafkaConfig } from '../../../src/config/schema/metrics.ts';
import { openCeilometer } from '../../../src/metrics-sources/open-ceilometer.ts';
import { DEAD_LETTERS } from '../../../streams/dead-letter.ts';
import type { Ingested } from '../../../streams/ingest.ts';
import type { Measurement } from '../../../streams/metrics/measurement.ts';
import { useKafka, useRabbit } from '../../services/use.ts';
import { oslo, published } from '../../streams/metrics/sources/ceilometer-messages.ts';
import { NovaPublisher } from '../../streams/sources/nova-amqp.ts';
import { NovaProducer } from '../../streams/sources/nova-kafka.ts';
import { type TestState, testState } from '../api/state.ts';

const metrics = metricTable([]);

let state: TestState;
beforeAll(async () => {
  state = await testState();
});
afterAll(() => state.close());

/** Takes everything that comes, as the intake would. */
async function listen(config: CeilometerAmqpConfig | CeilometerKafkaConfig, cloud: string) {
  const service = { store: state.store, ingested$: new Subject<Ingested>() };
  const source = await openCeilometer('samples', config, {
    cloud,
    service,
    ingests: true,
    openstack: null,
    metrics,
    oldest: 600,
  });
  const got: Measurement[] = [];
  let connected = false;
  source.events$.subscribe(({ kind }) => {
    connected ||= kind === 'caught-up';
  });
  const subscription = source.samples$.subscribe(({ measurements, done }) => {
    got.push(...measurements);
    done({ taken: measurements.length, refused: [] });
  });
  await expect.poll(() => connected).toBe(true);
  return { got, end: () => subscription.unsubscribe() };
}

const BODIES = [
  oslo('metering', [published('memory.usage', 'uuid-1', 512)]),
  Buffer.from('nonsense'),
  oslo('telemetry.polling', { samples: [published('memory.usage', 'uuid-2', 600)] }),
];

async function expectTaken(got: readonly Measurement[]): Promise<void> {
  await expect.poll(() => got.map(({ labels }) => labels.resource_id)).toEqual(['uuid-1', 'uuid-2']);
  const held = async (): Promise<number> => (await state.store.listRecords(DEAD_LETTERS.kind, null, 10)).held;
  await expect.poll(held).toBeGreaterThan(0);
}

describe('Ceilometer’s samples', () => {
  it('come over RabbitMQ by a queue of Vigil’s own; what is none is kept aside', async () => {
    const { url, prefix } = await useRabbit();
    const publisher = await NovaPublisher.open(url, 'ceilometer');
    const { got, end } = await listen(
      {
        ...{ kind: 'ceilometer-amqp', urls: [url], exchanges: ['ceilometer'], topics: ['notifications', 'metering'] },
        ...{ queue: { type: 'classic', expires: 600, max_length: 10_000 }, window: 100, heartbeat: 20 },
      },
      prefix,
    );
    await publisher.publish(BODIES, 'notifications.sample');
    await expectTaken(got);
    end();
    await publisher.close();
  });

  it('come over Kafka just the same', async () => {
    const { brokers, prefix } = await useKafka();
    const topic = `${prefix}.metering.sample`;
    const producer = await NovaProducer.open(brokers);
    await producer.createTopic(topic);
    const { got, end } = await listen(
      { kind: 'ceilometer-kafka', brokers: [...brokers], topics: [topic], window: 100 },
      prefix,
    );
    await producer.publish(topic, BODIES);
    await expectTaken(got);
    end();
    await producer.close();
  });
});
