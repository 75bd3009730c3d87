import { type Channel, type ChannelModel, connect } from 'amqplib';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { RawMessage } from '../../../streams/source.ts';
import { amqpSource } from '../../../streams/sources/amqp.ts';
import type { AmqpOptions } from '../../../streams/sources/amqp-options.ts';
import { WINDOW_BYTES } from '../../../streams/sources/window.ts';
import { type SharedRabbit, useRabbit } from '../../services/use.ts';
import { NovaPublisher } from './nova-amqp.ts';
import { numbered, Probe } from './probe.ts';
import { openProxy } from './proxy.ts';

const LARGE = 8 * 1024 * 1024;

let rabbit: SharedRabbit;
let operator: ChannelModel;
let admin: Channel;
let count = 0;
const open: { close(): Promise<void> }[] = [];

beforeAll(async () => {
  rabbit = await useRabbit();
  operator = await connect(rabbit.url);
  admin = await operator.createChannel();
});

afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

afterAll(() => operator.close());

function closing<T extends { close(): Promise<void> }>(each: T): T {
  open.push(each);
  return each;
}

/** Options of a cloud, with an exchange and a queue, that no other test has. */
function freshOptions(options: Partial<AmqpOptions> = {}): AmqpOptions & { exchanges: [string] } {
  const cloud = `${rabbit.prefix}.${++count}`;
  return { cloud, urls: [rabbit.url], ...options, exchanges: [`${cloud}.nova`] };
}

function listen(options: AmqpOptions, onMessage?: (message: RawMessage) => void): Probe {
  return closing(new Probe(amqpSource(options), onMessage));
}

async function publisher(exchange: string, durable = false): Promise<NovaPublisher> {
  return closing(await NovaPublisher.open(rabbit.url, exchange, durable));
}

/** A source that listens to a publisher. */
async function listening(
  options: AmqpOptions & { exchanges: [string] },
  onMessage?: (message: RawMessage) => void,
): Promise<{ nova: NovaPublisher; probe: Probe }> {
  const nova = await publisher(options.exchanges[0]);
  const probe = listen(options, onMessage);
  await probe.heard('caught-up');
  return { nova, probe };
}

describe('an AMQP source', () => {
  test('gets a copy of its own beside those who compete for the default queue', async () => {
    const options = freshOptions();
    const nova = await publisher(options.exchanges[0]);
    const { queue } = await admin.assertQueue(`${options.cloud}.default`, { durable: false });
    await admin.bindQueue(queue, options.exchanges[0], 'versioned_notifications.info');
    const competitors: string[][] = [[], []];
    for (const taken of competitors) {
      await admin.consume(queue, (message) => taken.push(String(message?.content)), { noAck: true });
    }
    const probe = listen(options);
    await probe.heard('caught-up');
    const bodies = numbered('m', 22);
    await nova.publish(bodies);
    await probe.received(bodies);
    await expect.poll(() => competitors.flat().length).toBe(22);
    expect(probe.bodies).toEqual(bodies);
    expect(competitors.map((taken) => taken.length)).toEqual([11, 11]);
  });

  test('takes in no more large messages at once than there is room for, and small ones as before', async () => {
    const options = freshOptions({ window: 50 });
    const waiting: RawMessage[] = [];
    let inFlight = 0;
    let most = 0;
    const { nova, probe } = await listening(options, (message) => {
      inFlight += message.body.length;
      most = Math.max(most, inFlight);
      waiting.push(message);
    });
    const large = Array.from({ length: 12 }, (_, i) => Buffer.alloc(LARGE, `${i} `));
    const bodies = [...large.map(String), ...numbered('small', 200)];
    await nova.publish(bodies);
    // Acknowledged only when no more come, so that the window fills.
    const distinct = new Set<string>();
    await expect
      .poll(
        () => {
          for (const message of waiting.splice(0)) {
            inFlight -= message.body.length;
            distinct.add(String(message.body));
            message.ack();
          }
          return distinct.size;
        },
        { timeout: 60_000, interval: 300 },
      )
      .toBe(bodies.length);
    expect(most).toBeLessThanOrEqual(WINDOW_BYTES + LARGE);
    expect(probe.messages).toHaveLength(bodies.length);
  });

  test('keeps the order between priorities, and tells what AMQP said of a message', async () => {
    const { nova, probe } = await listening(freshOptions());
    await nova.publish(['1'], 'versioned_notifications.info');
    await nova.publish(['2'], 'versioned_notifications.error');
    await nova.publish(['3'], 'versioned_notifications.info');
    await nova.publish(['unversioned'], 'notifications.info');
    await nova.publish(['4']);
    await probe.received(['4']);
    expect(probe.bodies).toEqual(['1', '2', '3', '4']);
    expect(probe.messages[1]?.origin).toMatchObject({
      transport: 'amqp',
      exchange: nova.exchange,
      routingKey: 'versioned_notifications.error',
      redelivered: false,
      properties: { contentType: 'application/json', deliveryMode: 2, priority: 0, headers: {} },
    });
  });

  test('takes several exchanges and topics', async () => {
    const options = freshOptions();
    const exchanges = [options.exchanges[0], `${options.cloud}.second`];
    const [first, second] = [await publisher(exchanges[0] ?? ''), await publisher(exchanges[1] ?? '', true)];
    const probe = listen({ ...options, exchanges, topics: ['versioned_notifications', 'cell2'] });
    await probe.heard('connected');
    await first.publish(['a'], 'versioned_notifications.info');
    await second.publish(['b'], 'cell2.error');
    await probe.received(['a', 'b']);
  });

  test('takes a message of 10 MiB whole', async () => {
    const { nova, probe } = await listening(freshOptions());
    const large = Buffer.alloc(10 * 1024 * 1024, 'x');
    await nova.publish([large, 'after']);
    await probe.received(['after']);
    expect(Buffer.compare(probe.messages[0]?.body ?? Buffer.alloc(0), large)).toBe(0);
  });

  test('makes its queue durable, with an expiry and a limit', async () => {
    const options = freshOptions({ queue: { expiresSeconds: 77, maxLength: 5000 } });
    await listening(options);
    const same = { 'x-expires': 77_000, 'x-max-length': 5000, 'x-overflow': 'drop-head', 'x-queue-type': 'classic' };
    await admin.assertQueue(`vigil.${options.cloud}`, { durable: true, arguments: same });
  });

  test('can use a quorum queue', async () => {
    const options = freshOptions({ queue: { type: 'quorum' } });
    const { nova, probe } = await listening(options);
    await nova.publish(['m']);
    await probe.received(['m']);
  });

  test('goes on to the next broker when one is not there', async () => {
    const probe = listen(freshOptions({ urls: ['amqp://someone:hidden@127.0.0.1:1/', rabbit.url] }));
    expect(await probe.heard('waiting', /127.0.0.1:1 /)).toMatch(/nothing listens there/);
    await probe.heard('waiting', /no exchange/);
    expect(JSON.stringify(probe.events)).not.toContain('hidden');
  });
});

describe('the exchange', () => {
  test('is waited for, never created, and bound once nova has created it', async () => {
    const options = freshOptions();
    const probe = listen(options);
    expect(await probe.heard('waiting')).toContain(`there is no exchange ${options.exchanges[0]}`);
    expect(probe.details('connected')).toEqual([]);
    expect(probe.details('caught-up')).toEqual([]);
    // A durability that is not the one nova wants is refused to nova: both must still be possible.
    const nova = await publisher(options.exchanges[0], true);
    await probe.heard('connected');
    await probe.heard('gap', /has come/);
    await probe.heard('caught-up');
    await nova.publish(['m']);
    await probe.received(['m']);
  });

  test('that is missing beside another does not keep that one waiting', async () => {
    const options = freshOptions();
    const missing = `${options.cloud}.missing`;
    const nova = await publisher(options.exchanges[0]);
    const probe = listen({ ...options, exchanges: [...options.exchanges, missing] });
    expect(await probe.heard('waiting')).toContain(missing);
    await nova.publish(['m']);
    await probe.received(['m']);
    expect(probe.details('caught-up')).toEqual([]);
  });

  test('that was deleted is noticed, and bound again when it is back', async () => {
    const options = freshOptions();
    const { probe } = await listening(options);
    await admin.deleteExchange(options.exchanges[0]);
    await probe.heard('waiting', /no exchange/);
    const back = await publisher(options.exchanges[0]);
    await probe.heard('gap', /has come/);
    await back.publish(['again']);
    await probe.received(['again']);
  });
});

describe('a gap', () => {
  test('is where the queue had to be created, and none where it was there', async () => {
    const options = freshOptions();
    const first = await listening(options);
    expect(first.probe.details('gap')).toEqual([expect.stringContaining('was not there and has been created')]);
    await first.probe.close();
    const second = listen(options);
    await second.heard('caught-up');
    expect(second.details('gap')).toEqual([]);
  });

  test('is where the queue is deleted under us; it is declared and bound again', async () => {
    const options = freshOptions();
    const { nova, probe } = await listening(options);
    const before = probe.events.length;
    await admin.deleteQueue(`vigil.${options.cloud}`);
    await probe.heard('waiting', /was deleted/);
    await probe.heard('gap', /was not there and has been created/, before);
    await nova.publish(['m']);
    await probe.received(['m']);
  });

  test('is where the connection was cut; what was in flight is delivered again and nothing else is lost', async () => {
    const proxy = closing(await openProxy(Number(new URL(rabbit.url).port)));
    const url = new URL(rabbit.url);
    url.port = String(proxy.port);
    const held: RawMessage[] = [];
    const options = freshOptions({ urls: [url.href], window: 5 });
    const { nova, probe } = await listening(options, (message) => held.push(message));
    await nova.publish(numbered('before', 20));
    await expect.poll(() => held.length).toBe(5);
    const before = probe.events.length;
    proxy.cut();
    await probe.heard('waiting', /connection was lost/, before);
    await nova.publish(numbered('during', 20));
    await probe.heard('gap', /connection was cut/, before);
    // The old messages are still being worked on, so they still count: nothing new until they are done.
    expect(held.length).toBe(5);
    // RabbitMQ has seen the end of the old connection once it has these back.
    await expect.poll(async () => (await admin.checkQueue(`vigil.${options.cloud}`)).messageCount).toBe(40);
    for (const message of held.splice(0)) message.ack();
    await expect.poll(() => held.length).toBe(5);
    expect(held.map(({ body }) => String(body))).toEqual(numbered('before', 5));
    expect(held.map(({ origin }) => 'redelivered' in origin && origin.redelivered)).toEqual([
      true,
      true,
      true,
      true,
      true,
    ]);
    const drain = setInterval(() => {
      for (const message of held.splice(0)) message.ack();
    }, 1);
    await probe.received([...numbered('before', 20), ...numbered('during', 20)]);
    clearInterval(drain);
  });

  test('is where the queue was at its length limit while nobody consumed', async () => {
    const options = freshOptions({ window: 5, queue: { maxLength: 50 } });
    const { nova, probe } = await listening(options);
    await probe.close();
    await nova.publish(numbered('m', 200));
    const again = listen(options);
    expect(await again.heard('gap')).toMatch(/holds 50 messages, its limit is 50, and the oldest are dropped/);
    await again.received(['m200']);
    expect(again.bodies).toEqual(numbered('m', 200).slice(150));
  });

  test('is where the queue runs full while we consume, and where it is no longer', async () => {
    const held: RawMessage[] = [];
    const { nova, probe } = await listening(freshOptions({ window: 5, queue: { maxLength: 50 } }), (message) =>
      held.push(message),
    );
    const before = probe.events.length;
    await nova.publish(numbered('m', 200));
    await probe.heard('gap', /its limit is 50/, before);
    const drain = setInterval(() => {
      for (const message of held.splice(0)) message.ack();
    }, 1);
    await probe.heard('gap', /no longer full/, before);
    clearInterval(drain);
  });
});

describe('what is not acknowledged', () => {
  test('stays within the window, in whatever order it is acknowledged', async () => {
    const held: RawMessage[] = [];
    let most = 0;
    const { nova, probe } = await listening(freshOptions({ window: 7 }), (message) => {
      held.push(message);
      most = Math.max(most, held.length);
      // A random one of those held, so that the contiguous prefix lags behind.
      setImmediate(() => held.splice(Math.floor(Math.random() * held.length), 1)[0]?.ack());
    });
    const bodies = numbered('m', 1000);
    await nova.publish(bodies);
    await probe.received(bodies);
    expect(probe.bodies).toEqual(bodies);
    expect(most).toBeLessThanOrEqual(7);
    expect(most).toBeGreaterThan(1);
  });

  test('is delivered again to the next, and what comes after it; what was acknowledged before it is not', async () => {
    const options = freshOptions({ window: 100 });
    const { nova, probe } = await listening(options, (message) => {
      const number = Number(String(message.body).slice(1));
      if (number <= 30 || number === 35 || number === 40) message.ack();
    });
    await nova.publish(numbered('m', 40));
    await probe.received(['m40']);
    await probe.close();
    const next = listen(options);
    await next.received(['m40']);
    expect(next.bodies).toEqual(numbered('m', 40).slice(30));
  });

  test('is not caught up with: that is said once all that waited is acknowledged', async () => {
    const options = freshOptions();
    const { nova, probe } = await listening(options);
    await probe.close();
    await nova.publish(numbered('m', 40));
    const held: RawMessage[] = [];
    const next = listen(options, (message) => held.push(message));
    await expect.poll(() => held.length).toBe(40);
    for (const message of held.slice(1)) message.ack();
    expect(next.details('caught-up')).toEqual([]);
    held[0]?.ack();
    expect(await next.heard('caught-up')).toMatch(/40 messages were waiting/);
  });

  test('of two members of one cloud is shared between them, and both catch up', async () => {
    const options = freshOptions({ window: 5 });
    const { nova, probe } = await listening(options);
    await probe.close();
    const bodies = numbered('m', 200);
    await nova.publish(bodies);
    const [one, other] = [listen(options), listen(options)];
    await Promise.all([one.heard('caught-up'), other.heard('caught-up')]);
    expect([...one.bodies, ...other.bodies].sort()).toEqual([...bodies].sort());
  });
});

describe('a refusal is told in one clear line, and tried again', () => {
  function broker(change: (url: URL) => void): string {
    const url = new URL(rabbit.url);
    change(url);
    return url.href;
  }

  test('a wrong password, without telling it', async () => {
    const url = broker((parts) => {
      parts.password = 'sesame-7';
    });
    const probe = listen(freshOptions({ urls: [url] }));
    const detail = await probe.heard('waiting');
    expect(detail).toMatch(/the user name or the password is wrong$/);
    await probe.heard('waiting', /wrong/, probe.events.length);
    expect(JSON.stringify(probe.events)).not.toContain('sesame-7');
    expect(probe.errors).toEqual([]);
  });

  test('a virtual host that does not exist', async () => {
    const url = broker((parts) => {
      parts.pathname = '/no%2Fsuch';
    });
    const detail = await listen(freshOptions({ urls: [url] })).heard('waiting');
    expect(detail).toMatch(
      /\(virtual host no\/such\): the virtual host does not exist, or the user has no permissions/,
    );
  });

  test('a host name that does not exist', async () => {
    const url = broker((parts) => {
      parts.hostname = 'rabbit.invalid';
    });
    expect(await listen(freshOptions({ urls: [url] })).heard('waiting')).toMatch(/the host name is not known/);
  });

  test('a port that does not speak TLS', async () => {
    const url = rabbit.url.replace('amqp:', 'amqps:');
    expect(await listen(freshOptions({ urls: [url] })).heard('waiting')).toMatch(/TLS/);
  });

  test('a queue with other settings, until it is deleted', async () => {
    const options = freshOptions();
    const queue = `vigil.${options.cloud}`;
    await admin.assertQueue(queue, { durable: true, arguments: { 'x-max-length': 10 } });
    await publisher(options.exchanges[0]);
    const probe = listen(options);
    const detail = await probe.heard('waiting');
    expect(detail).toMatch(/exists with other settings .*delete it, or set queue type, expiry and length limit/);
    await admin.deleteQueue(queue);
    await probe.heard('connected');
  });
});
