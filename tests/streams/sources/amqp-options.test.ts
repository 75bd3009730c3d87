import { describe, expect, test } from 'vitest';
import { amqpSource } from '../../../streams/sources/amqp.ts';
import { amqpSettings } from '../../../streams/sources/amqp-options.ts';

describe('the settings of an AMQP source', () => {
  test('come from the name of the cloud', () => {
    expect(amqpSettings({ cloud: 'west', urls: ['amqp://rabbit'] })).toMatchObject({
      name: 'amqp:west',
      exchanges: ['nova'],
      topics: ['versioned_notifications'],
      queue: { name: 'vigil.west', type: 'classic', expiresSeconds: 86_400, maxLength: 250_000 },
      window: 1000,
    });
  });

  test('take each given part of the queue, and defaults for the others', () => {
    const { queue } = amqpSettings({ cloud: 'west', urls: ['amqp://rabbit'], queue: { maxLength: 5000 } });
    expect(queue).toMatchObject({ name: 'vigil.west', maxLength: 5000, expiresSeconds: 86_400 });
  });

  test.each([
    ['amqp://rabbit', { protocol: 'amqp', hostname: 'rabbit', port: 5672, vhost: '/', username: 'guest' }],
    ['amqps://u:p@rabbit:5000/', { protocol: 'amqps', port: 5000, vhost: '/', username: 'u', password: 'p' }],
    ['amqps://rabbit//', { port: 5671, vhost: '/' }],
    ['amqp://rabbit/%2Fcloud%201', { vhost: '/cloud 1' }],
    ['amqp://u%40x:p%2F%3A@[::1]:1/nova', { hostname: '::1', vhost: 'nova', username: 'u@x', password: 'p/:' }],
  ])('read %s', (url, broker) => {
    expect(amqpSettings({ cloud: 'c', urls: [url] }).brokers[0]).toMatchObject(broker);
  });

  test('use the credentials given apart where a URL has none', () => {
    const urls = ['amqp://a', 'amqp://u:p@b'];
    const { brokers } = amqpSettings({ cloud: 'c', urls, username: 'vigil', password: 'secret' });
    expect(brokers).toMatchObject([
      { username: 'vigil', password: 'secret' },
      { username: 'u', password: 'p' },
    ]);
  });

  test('show brokers without credentials', () => {
    const { brokers } = amqpSettings({ cloud: 'c', urls: ['amqp://user:secret@rabbit/nova'] });
    expect(brokers[0].label).toBe('amqp://rabbit:5672 (virtual host nova)');
  });

  test.each([
    'http://u:secret@rabbit',
    'rabbit:5672',
    'amqp://',
    'not a url with secret',
    'amqp://u:secret@rabbit/?heartbeat=5',
    'amqp://u:secret%@rabbit',
  ])('refuse %s, without repeating it', (url) => {
    expect(() => amqpSource({ cloud: 'c', urls: ['amqp://rabbit', url] })).toThrow(/broker URL 2 /);
    expect(() => amqpSource({ cloud: 'c', urls: ['amqp://rabbit', url] })).not.toThrow(/secret/);
  });

  test('need a broker, a window AMQP can express, and a queue that holds more than it', () => {
    const urls = ['amqp://rabbit'];
    expect(() => amqpSettings({ cloud: 'c', urls: [] })).toThrow(/needs the URL of a broker/);
    expect(() => amqpSettings({ cloud: 'c', urls, window: 65_536 })).toThrow(/from 1 to 65535/);
    expect(() => amqpSettings({ cloud: 'c', urls, queue: { maxLength: 1000 } })).toThrow(/greater than the window/);
  });
});
