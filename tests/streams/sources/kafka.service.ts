import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { RawMessage } from '../../../streams/source.ts';
import { kafkaSource } from '../../../streams/sources/kafka.ts';
import type { KafkaOptions } from '../../../streams/sources/kafka-options.ts';
import { type SharedKafka, useKafka } from '../../services/use.ts';
import { NovaProducer } from './nova-kafka.ts';
import { numbered, Probe } from './probe.ts';

let kafka: SharedKafka;
let nova: NovaProducer;
let count = 0;
const open: Probe[] = [];

beforeAll(async () => {
  kafka = await useKafka();
  nova = await NovaProducer.open(kafka.brokers);
});

afterEach(async () => {
  await Promise.all(open.splice(0).map((probe) => probe.close()));
});

afterAll(() => nova.close());

interface Fresh extends KafkaOptions {
  readonly topics: [info: string, error: string];
  readonly group: string;
}

/** Options of a cloud, with topics and a group, that no other test has. */
function freshOptions(options: Partial<KafkaOptions> = {}): Fresh {
  const cloud = `${kafka.prefix}.${++count}`;
  const topics: [string, string] = [`${cloud}.info`, `${cloud}.error`];
  return { cloud, brokers: kafka.brokers, ...options, topics, group: `vigil.${cloud}` };
}

function listen(options: KafkaOptions, onMessage?: (message: RawMessage) => void): Probe {
  const probe = new Probe(kafkaSource(options), onMessage);
  open.push(probe);
  return probe;
}

/** Both topics exist and a source of their own reads them. */
async function listening(
  options: Fresh = freshOptions(),
  onMessage?: (message: RawMessage) => void,
  partitions = 1,
): Promise<{ options: Fresh; info: string; probe: Probe }> {
  for (const topic of options.topics) await nova.createTopic(topic, partitions);
  const probe = listen(options, onMessage);
  await probe.heard('caught-up');
  return { options, info: options.topics[0], probe };
}

describe('a Kafka source', () => {
  test('gets everything beside other groups, and tells what Kafka said of a message', async () => {
    const { options, info, probe } = await listening();
    const other = listen({ ...options, group: `${options.group}.other` });
    await other.heard('caught-up');
    await nova.publish(info, numbered('m', 20));
    await nova.publish(options.topics[1], ['e']);
    await Promise.all([probe.received([...numbered('m', 20), 'e']), other.received([...numbered('m', 20), 'e'])]);
    expect(probe.bodies.filter((body) => body !== 'e')).toEqual(numbered('m', 20));
    expect(probe.messages.find(({ body }) => String(body) === 'm3')?.origin).toEqual({
      transport: 'kafka',
      topic: info,
      partition: 0,
      offset: '2',
      timestamp: expect.stringMatching(/^\d{13}$/),
      key: null,
      headers: {},
    });
  });

  test('gets null keys over several partitions, each in its order', async () => {
    const { info, probe } = await listening(freshOptions(), undefined, 3);
    const sent = [0, 1, 2].map((partition) => numbered(`p${partition}-`, 50));
    for (const [partition, bodies] of sent.entries()) await nova.publish(info, bodies, partition);
    await nova.publish(info, numbered('any', 30));
    await probe.received([...sent.flat(), ...numbered('any', 30)]);
    for (const [partition, bodies] of sent.entries()) {
      expect(probe.bodies.filter((body) => body.startsWith(`p${partition}-`))).toEqual(bodies);
    }
    expect(new Set(probe.bodies).size).toBe(probe.bodies.length);
  });

  test('commits the offset after the contiguous acknowledged prefix, and exactly that', async () => {
    const held: RawMessage[] = [];
    const { options, info, probe } = await listening(freshOptions(), (message) => held.push(message));
    await expect.poll(() => nova.committed(options.group, info)).toEqual(['0']);
    await nova.publish(info, numbered('m', 10));
    await expect.poll(() => held.length).toBe(10);
    for (const index of [0, 1, 2, 4, 5, 9]) held[index]?.ack();
    await expect.poll(() => nova.committed(options.group, info)).toEqual(['3']);
    held[3]?.ack();
    await expect.poll(() => nova.committed(options.group, info)).toEqual(['6']);
    await probe.close();
    expect(await nova.committed(options.group, info)).toEqual(['6']);
    const next = listen(options);
    await next.received(['m10']);
    expect(next.bodies).toEqual(['m7', 'm8', 'm9', 'm10']);
  });

  test('commits at the end what was acknowledged just before', async () => {
    const held: RawMessage[] = [];
    const { options, info, probe } = await listening(freshOptions(), (message) => held.push(message));
    await nova.publish(info, numbered('m', 10));
    await expect.poll(() => held.length).toBe(10);
    for (const message of held) message.ack();
    await probe.close();
    expect(await nova.committed(options.group, info)).toEqual(['10']);
  });

  test('never has more in flight than its window, and keeps its place in the group while it waits', async () => {
    const held: RawMessage[] = [];
    let most = 0;
    const options = freshOptions({ window: 7 });
    const { info, probe } = await listening(
      options,
      (message) => {
        held.push(message);
        most = Math.max(most, held.length);
      },
      2,
    );
    await nova.publish(info, numbered('a', 50), 0);
    await nova.publish(info, numbered('b', 50), 1);
    await expect.poll(() => held.length).toBe(7);
    const drain = setInterval(() => held.splice(Math.floor(Math.random() * held.length), 1)[0]?.ack(), 1);
    await probe.received([...numbered('a', 50), ...numbered('b', 50)]);
    await expect.poll(() => held.length).toBe(0);
    clearInterval(drain);
    expect(most).toBe(7);
    expect(probe.messages).toHaveLength(100);
    await expect.poll(() => nova.committed(options.group, info)).toEqual(['50', '50']);
  });

  test('keeps its place in the group while nothing is acknowledged for longer than the group waits for a member', async () => {
    const held: RawMessage[] = [];
    const { options, info, probe } = await listening(freshOptions({ window: 5 }), (message) => held.push(message));
    await nova.publish(info, numbered('m', 20));
    await expect.poll(() => held.length).toBe(5);
    await sleep(12_000);
    const { groups } = await nova.admin.describeGroups([options.group]);
    expect(groups[0]).toMatchObject({ state: 'Stable', members: [expect.anything()] });
    const drain = setInterval(() => {
      for (const message of held.splice(0)) message.ack();
    }, 1);
    await probe.received(numbered('m', 20));
    clearInterval(drain);
    expect(probe.bodies).toEqual(numbered('m', 20));
    expect(probe.details('connecting')).toHaveLength(1);
  });

  test('takes a message larger than a fetch', async () => {
    const options = freshOptions();
    await nova.createTopic(options.topics[0], 1, { 'max.message.bytes': String(12 * 1024 * 1024) });
    const probe = listen(options);
    await probe.heard('caught-up');
    const large = Buffer.alloc(10 * 1024 * 1024, 'x');
    await nova.publish(options.topics[0], [large]);
    await nova.publish(options.topics[0], ['after']);
    await probe.received(['after']);
    expect(Buffer.compare(probe.messages[0]?.body ?? Buffer.alloc(0), large)).toBe(0);
  });
});

describe('where a group begins', () => {
  test('a new one at the end, telling of the gap', async () => {
    const options = freshOptions();
    for (const topic of options.topics) await nova.createTopic(topic);
    await nova.publish(options.topics[0], numbered('old', 5));
    const probe = listen(options);
    expect(await probe.heard('gap')).toContain(`the consumer group ${options.group} is new`);
    await probe.heard('caught-up');
    await nova.publish(options.topics[0], ['new']);
    await probe.received(['new']);
    expect(probe.bodies).toEqual(['new']);
    await expect.poll(() => nova.committed(options.group, options.topics[0])).toEqual(['6']);
  });

  test('one that stopped before it read anything where it began, with no gap', async () => {
    const { options, info, probe } = await listening();
    await probe.close();
    await nova.publish(info, numbered('m', 5));
    const next = listen(options);
    await next.received(numbered('m', 5));
    await next.heard('caught-up');
    expect(next.details('gap')).toEqual([]);
  });

  test('a known one is caught up once all that waited is acknowledged', async () => {
    const { options, info, probe } = await listening();
    await probe.close();
    await nova.publish(info, numbered('m', 5));
    const held: RawMessage[] = [];
    const next = listen(options, (message) => held.push(message));
    await expect.poll(() => held.length).toBe(5);
    for (const message of held.slice(1)) message.ack();
    expect(next.details('caught-up')).toEqual([]);
    held[0]?.ack();
    await next.heard('caught-up');
  });

  test('at what is kept, telling of the gap, when the committed offset was thrown away', async () => {
    const { options, info, probe } = await listening();
    await nova.publish(info, numbered('m', 10));
    await probe.received(['m10']);
    await probe.close();
    await nova.publish(info, numbered('n', 10));
    await nova.discard(info, 15);
    const next = listen(options);
    // Told by what we find, or by the mark that kafkajs leaves if it finds it first.
    expect(await next.heard('gap')).toMatch(/info\[0\]: (offsets 10 to 14 were thrown away|.* out of range)/);
    await next.received(['n10']);
    expect(next.bodies).toEqual(numbered('n', 10).slice(5));
    await expect.poll(() => nova.committed(options.group, info)).toEqual(['20']);
  });

  test('at what is kept, telling of the gap, when it is thrown away while we lag behind', async () => {
    const held: RawMessage[] = [];
    const { info, probe } = await listening(freshOptions({ window: 5 }), (message) => held.push(message));
    const large = 'x'.repeat(400_000);
    await nova.publish(info, ['m1', 'm2', 'm3', 'm4', 'm5']);
    await expect.poll(() => held.length).toBe(5);
    for (let n = 0; n < 10; n++) await nova.publish(info, [large]);
    await nova.discard(info, 14);
    await nova.publish(info, ['last']);
    const drain = setInterval(() => {
      for (const message of held.splice(0)) message.ack();
    }, 1);
    await probe.heard('gap', /were thrown away before they were read/);
    await probe.received(['last']);
    clearInterval(drain);
  });

  test('at the beginning of a topic that was deleted and made anew', async () => {
    const { options, info, probe } = await listening();
    await nova.publish(info, numbered('m', 10));
    await probe.received(['m10']);
    await probe.close();
    await nova.admin.deleteTopics({ topics: [info] });
    await expect.poll(() => nova.admin.listTopics()).not.toContain(info);
    await nova.createTopic(info);
    await nova.publish(info, numbered('n', 3));
    const next = listen(options);
    expect(await next.heard('gap')).toContain(`${info}[0]: the group has committed no offset`);
    await next.received(numbered('n', 3));
  });
});

describe('a topic that does not exist', () => {
  test('is waited for, never created, and read from its beginning', async () => {
    const options = freshOptions();
    const probe = listen(options);
    expect(await probe.heard('waiting')).toContain(`there is no topic ${options.topics.join(', ')}`);
    expect(await nova.admin.listTopics()).not.toContain(options.topics[0]);
    await nova.createTopic(options.topics[0]);
    await nova.publish(options.topics[0], numbered('m', 5));
    await probe.received(numbered('m', 5));
    expect(probe.bodies).toEqual(numbered('m', 5));
  });

  test('does not keep the other from being read, and is read from its beginning when it comes', async () => {
    const options = freshOptions();
    await nova.createTopic(options.topics[0]);
    const probe = listen(options);
    await probe.heard('caught-up');
    expect(probe.details('waiting')).toEqual([expect.stringContaining(`there is no topic ${options.topics[1]},`)]);
    await nova.publish(options.topics[0], ['info']);
    await probe.received(['info']);
    await nova.createTopic(options.topics[1]);
    await nova.publish(options.topics[1], ['error']);
    await probe.received(['error']);
    await nova.publish(options.topics[0], ['more']);
    await probe.received(['more']);
  });
});

describe('two members of one group', () => {
  test('share the partitions; what one had in flight is dropped there and read by whoever has it next', async () => {
    const options = freshOptions({ window: 20 });
    const heldByFirst: RawMessage[] = [];
    const { info, probe: first } = await listening(options, (message) => heldByFirst.push(message), 2);
    await nova.publish(info, numbered('a', 10), 0);
    await nova.publish(info, numbered('b', 10), 1);
    await expect.poll(() => heldByFirst.length).toBe(20);
    const second = listen(options);
    await second.heard('connected');
    await expect.poll(() => first.details('connected').at(-1)).toMatch(/info\[\d\],/);
    await second.heard('caught-up');
    const taken = second.messages.map(({ origin }) => ('partition' in origin ? origin.partition : -1));
    expect(new Set(taken).size).toBe(1);
    const partition = taken[0] ?? -1;
    expect(second.bodies).toEqual(numbered(partition === 0 ? 'a' : 'b', 10));
    const before = await nova.committed(options.group, info);
    // Late acknowledgements of the first must not move what is the second's now.
    await nova.publish(info, numbered('c', 5), partition);
    await second.received(numbered('c', 5));
    await expect.poll(async () => (await nova.committed(options.group, info))[partition]).toBe('15');
    for (const message of heldByFirst.splice(0)) message.ack();
    await expect.poll(() => heldByFirst.length).toBe(10);
    for (const message of heldByFirst.splice(0)) message.ack();
    await expect.poll(async () => (await nova.committed(options.group, info))[1 - partition]).toBe('10');
    expect((await nova.committed(options.group, info))[partition]).toBe('15');
    expect(before[1 - partition]).toBe('0');
  });

  test('when one leaves the other has all', async () => {
    const options = freshOptions();
    const { info, probe: first } = await listening(options, undefined, 2);
    const second = listen(options);
    await second.heard('caught-up');
    open.splice(open.indexOf(first), 1);
    await first.close();
    await second.heard('connected', /info\[0,1\]/);
    await nova.publish(info, numbered('a', 5), 0);
    await nova.publish(info, numbered('b', 5), 1);
    await second.received([...numbered('a', 5), ...numbered('b', 5)]);
  });
});
