import { describe, expect, test } from 'vitest';
import { ConnectionLost } from '../../../streams/sources/amqp-connection.ts';
import { explainAmqpError, replyCode } from '../../../streams/sources/amqp-errors.ts';
import { amqpSettings } from '../../../streams/sources/amqp-options.ts';
import { explainKafkaError } from '../../../streams/sources/kafka-errors.ts';

function failure(message: string, parts: Readonly<Record<string, unknown>> = {}): Error {
  return Object.assign(new Error(message), parts);
}

describe('what RabbitMQ or the way to it refused is explained', () => {
  const settings = amqpSettings({ cloud: 'west', urls: ['amqp://user:secret@rabbit/nova'] });
  const explain = (error: unknown): string => explainAmqpError(error, settings.brokers[0], settings);

  test.each([
    [failure('connect ECONNREFUSED', { code: 'ECONNREFUSED' }), /nothing listens there/],
    // What Node 20 and later throw when every address of a name refuses.
    [new AggregateError([failure('connect ECONNREFUSED ::1:5672', { code: 'ECONNREFUSED' })]), /nothing listens there/],
    [failure('connect ETIMEDOUT'), /no answer; is the host up/],
    [failure('getaddrinfo EAI_AGAIN rabbit', { code: 'EAI_AGAIN' }), /host name is not known/],
    [failure('Operation failed: QueueDeclare; 403', { code: 403 }), /needs configure, write and read on the queue/],
    // Deleted before consuming began: afterwards the broker tells so otherwise.
    [
      failure('Operation failed: BasicConsume; 404', { code: 404 }),
      /queue vigil\.west was deleted while it was in use/,
    ],
    [failure('Operation failed: QueueDeclare; 405', { code: 405 }), /exclusive to another connection/],
    [failure('Operation failed: QueueDeclare; 406', { code: 406 }), /exists with other settings/],
    [new ConnectionLost('read ECONNRESET'), /the connection was lost: read ECONNRESET$/],
    [failure('something\n  new'), /: something new$/],
    ['not an error', /: not an error$/],
  ])('%s', (error, expected) => {
    expect(explain(error)).toMatch(expected);
    expect(explain(error)).toMatch(/^amqp:\/\/rabbit:5672 \(virtual host nova\): /);
  });

  test('in one line of bounded length', () => {
    expect(explain(failure('x'.repeat(10_000))).length).toBeLessThan(600);
  });

  test('only replies to operations have a reply code', () => {
    expect(replyCode(failure('', { code: 404 }))).toBe(404);
    expect(replyCode(failure('', { code: 'ECONNREFUSED' }))).toBeUndefined();
    expect(replyCode('404')).toBeUndefined();
  });
});

describe('what Kafka or the way to it refused is explained, from the error or any of its causes', () => {
  test.each([
    [
      failure('Not authorized to access topics', { type: 'TOPIC_AUTHORIZATION_FAILED' }),
      /Describe and Read on its topics/,
    ],
    [failure('Not authorized', { type: 'GROUP_AUTHORIZATION_FAILED' }), /Read and Describe on its group/],
    [failure('Connection error: connect ECONNREFUSED', { code: 'ECONNREFUSED' }), /nothing listens there/],
    [failure('Connection timeout'), /closed or not answered/],
    [failure('something\n  new'), /: something new$/],
    ['not an error', /: not an error$/],
  ])('%s', (error, expected) => {
    expect(explainKafkaError(error, ['kafka:9092'])).toMatch(expected);
    expect(explainKafkaError(error, ['kafka:9092'])).toMatch(/^kafka:9092: /);
    if (!(error instanceof Error) || /something/.test(error.message)) return;
    expect(explainKafkaError(new Error('gave up', { cause: error }), ['kafka:9092'])).toMatch(expected);
  });
});
