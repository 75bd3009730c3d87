import { expect, test } from 'vitest';
import { kafkaSource } from '../../../streams/sources/kafka.ts';
import { kafkaSettings } from '../../../streams/sources/kafka-options.ts';

test('the settings of a Kafka source come from the name of the cloud', () => {
  expect(kafkaSettings({ cloud: 'west', brokers: ['kafka:9092'] })).toEqual({
    name: 'kafka:west',
    brokers: ['kafka:9092'],
    topics: ['versioned_notifications.info', 'versioned_notifications.error'],
    group: 'vigil.west',
    window: 1000,
    tls: undefined,
    sasl: undefined,
  });
});

test.each(['kafka', 'kafka:', 'PLAINTEXT://kafka:9092', 'user:secret@kafka:9092', ''])(
  'a broker is not of the form %s',
  (broker) => {
    expect(() => kafkaSource({ cloud: 'c', brokers: ['[::1]:9092', broker] })).toThrow(
      'Kafka broker 2 is not of the form host:port',
    );
  },
);

test('there must be a broker', () => {
  expect(() => kafkaSource({ cloud: 'c', brokers: [] })).toThrow('needs a broker');
});
