import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type RabbitServer, startRabbit } from '../../../servers/rabbitmq.ts';
import type { RawMessage } from '../../../streams/source.ts';
import { amqpSource } from '../../../streams/sources/amqp.ts';
import { NovaPublisher } from './nova-amqp.ts';
import { numbered, Probe } from './probe.ts';

let rabbit: RabbitServer;
const open: { close(): Promise<void> }[] = [];

beforeAll(async () => {
  rabbit = await startRabbit();
});

afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

afterAll(() => rabbit.stop());

function listen(cloud: string, onMessage?: (message: RawMessage) => void): Probe {
  const probe = new Probe(
    amqpSource({ cloud, urls: [rabbit.url], exchanges: [`${cloud}.nova`], window: 5 }),
    onMessage,
  );
  open.push(probe);
  return probe;
}

async function publisher(cloud: string, durable: boolean): Promise<NovaPublisher> {
  const nova = await NovaPublisher.open(rabbit.url, `${cloud}.nova`, durable);
  open.push(nova);
  return nova;
}

describe('a broker killed in mid-stream and started again', () => {
  test('has forgotten the exchange: we bind again and tell of the gap; of what was confirmed nothing is lost', async () => {
    const cloud = 'classic';
    const held: RawMessage[] = [];
    const before = await publisher(cloud, false);
    const probe = listen(cloud, (message) => held.push(message));
    await probe.heard('caught-up');
    await before.publish(numbered('before', 30));
    await expect.poll(() => held.length).toBe(5);
    for (const message of held.splice(0, 3)) message.ack();
    await expect.poll(() => held.length).toBe(5);
    const soFar = probe.events.length;
    await rabbit.kill();
    await probe.heard('waiting', /connection was lost/, soFar);
    await rabbit.restart();
    await probe.heard('waiting', /no exchange classic\.nova/, soFar);
    const after = await publisher(cloud, false);
    await probe.heard('gap', /connection was cut/, soFar);
    await probe.heard('gap', /has come/, soFar);
    await after.publish(numbered('after', 30));
    const drain = setInterval(() => {
      for (const message of held.splice(0)) message.ack();
    }, 1);
    await probe.received([...numbered('before', 30), ...numbered('after', 30)]);
    await probe.heard('caught-up', /^/, soFar);
    clearInterval(drain);
    // What was acknowledged just before the kill may come twice; the others in flight do.
    expect(probe.bodies.filter((body) => body === 'before8')).toHaveLength(2);
  });

  test('keeps a durable exchange bound: what is published before we are back waits for us', async () => {
    const cloud = 'durable';
    await publisher(cloud, true);
    const probe = listen(cloud);
    await probe.heard('caught-up');
    const soFar = probe.events.length;
    await rabbit.kill();
    await rabbit.restart();
    const after = await publisher(cloud, true);
    const bodies = numbered('m', 300);
    await after.publish(bodies);
    await probe.received(bodies);
    await probe.heard('gap', /connection was cut/, soFar);
    await probe.heard('caught-up', /^/, soFar);
  });

  test('is waited for when it is not there at the start', async () => {
    await rabbit.kill();
    const probe = listen('late');
    expect(await probe.heard('waiting')).toMatch(/nothing listens there; is RabbitMQ running/);
    await rabbit.restart();
    await probe.heard('waiting', /no exchange/);
  });
});

describe('permissions', () => {
  test('that are missing are named, and used as soon as they are given', { timeout: 300_000 }, async () => {
    const user = 'restricted';
    await rabbit.ctl('add_user', user, 'other-7');
    const options = {
      cloud: 'allowed',
      urls: [`amqp://${user}:other-7@127.0.0.1:${rabbit.port}`],
      exchanges: ['allowed.nova'],
    };
    const nova = await publisher('allowed', false);
    const probe = new Probe(amqpSource(options));
    open.push(probe);
    await probe.heard('waiting', /does not exist, or the user has no permissions/);
    await rabbit.ctl('set_permissions', user, '^$', '^$', '^$');
    expect(await probe.heard('waiting', /needs configure/)).toMatch(
      /ACCESS_REFUSED.*; Vigil needs configure, write and read on the queue vigil\.allowed and read on allowed\.nova$/,
    );
    // What docs and errors say is needed is enough.
    await rabbit.ctl('set_permissions', user, '^vigil[.]', '^vigil[.]', '^(vigil[.].*|allowed[.]nova)$');
    await probe.heard('connected');
    await nova.publish(['m']);
    await probe.received(['m']);
    expect(JSON.stringify(probe.events)).not.toContain('other-7');
  });
});
