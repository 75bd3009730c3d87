import { afterEach, expect, test, vi } from 'vitest';
import { useKafka, useRabbit, useRedis } from './use.ts';

afterEach(() => vi.unstubAllEnvs());

test('servers named by the environment are used as they are', async () => {
  vi.stubEnv('VIGIL_TEST_REDIS_URL', 'redis://given:6379');
  vi.stubEnv('VIGIL_TEST_AMQP_URL', 'amqp://given:5672/vhost');
  vi.stubEnv('VIGIL_TEST_KAFKA_BROKERS', 'one:9092,two:9092');
  expect(await useRedis()).toMatchObject({ url: 'redis://given:6379', restartable: false });
  expect(await useRabbit()).toMatchObject({ url: 'amqp://given:5672/vhost', restartable: false });
  expect(await useKafka()).toMatchObject({ brokers: ['one:9092', 'two:9092'], restartable: false });
});

test('each caller is given a prefix of its own on them', async () => {
  vi.stubEnv('VIGIL_TEST_REDIS_URL', 'redis://given:6379');
  expect((await useRedis()).prefix).not.toBe((await useRedis()).prefix);
});
