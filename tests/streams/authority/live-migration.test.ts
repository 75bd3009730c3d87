import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LiveModel } from '../../../model/live-model.ts';
import { changed, factsOfMessage, firstOf, type Message, recorded } from '../messages.ts';
import { modelOf } from '../replayed.ts';

const data = (message: Message) => message.payload['nova_object.data'];
const modelFrom = (messages: readonly Message[]): LiveModel => modelOf(messages.map((one) => factsOfMessage(one)));

const ARRIVAL = 'instance.live_migration_post_dest.end';
const DEPARTURE = 'instance.live_migration_post.end';

const RUNS = [
  'live_migration_success',
  'live_migration_success_nodelete',
  'live_migration_force_complete',
  'recordings/live-migration',
  'recordings/kafka/live-migration',
];

/** An instance's first migration as it was recorded, from its creation until nothing of it is left to tell. */
interface Migration {
  readonly uuid: string;
  readonly source: string;
  readonly target: string;
  readonly messages: readonly Message[];
}

function migrationOf(name: string): Migration {
  const { uuid, host: target } = data(firstOf(name, ARRIVAL)) as { uuid: string; host: string };
  const { host: source } = data(firstOf(name, DEPARTURE)) as { host: string };
  const all = recorded(name).filter((message) => data(message).uuid === uuid);
  const arrived = all.findIndex(({ event_type }) => event_type === ARRIVAL);
  const again = all.findIndex(({ event_type }, i) => i > arrived && event_type === 'instance.live_migration_pre.start');
  const until = all.slice(0, again < 0 ? all.length : again);
  const last = until.findLastIndex(({ event_type }) => event_type.startsWith('instance.live_migration'));
  return { uuid, source, target, messages: all.slice(0, last + 1) };
}

function* permutations<T>(items: readonly T[]): Generator<T[]> {
  if (items.length <= 1) yield [...items];
  for (const [i, item] of items.entries()) {
    for (const rest of permutations(items.toSpliced(i, 1))) yield [item, ...rest];
  }
}

describe.each(RUNS)('the live migration of %s', (name) => {
  const { uuid, source, target, messages } = migrationOf(name);
  const hostIn = (model: LiveModel): string | null | undefined => model.instance(uuid)?.place?.host;
  const isUpdate = ({ event_type }: Message): boolean => event_type === 'instance.update';

  it('is the trap: its source says last, and later than the destination, that the instance is still there', () => {
    const arrival = firstOf(name, ARRIVAL);
    const departure = firstOf(name, DEPARTURE);
    expect(departure.timestamp > arrival.timestamp).toBe(true);
    expect(data(departure)).toMatchObject({ host: source, task_state: 'migrating' });
    expect(source).not.toBe(target);
  });

  it('ends at its destination in every order of its own events, without a single update', () => {
    const own = messages.filter(({ event_type }) => /live_migration|create\.end/.test(event_type));
    const decisive = own.filter(({ event_type }) => !/\.start$|pre\.end$/.test(event_type));
    expect(decisive.length).toBeGreaterThanOrEqual(3);
    for (const order of permutations(decisive)) expect(hostIn(modelFrom(order))).toBe(target);
  });

  it('ends at its destination in any order of all messages, with any of them told twice', () => {
    const orders = fc.shuffledSubarray([...messages, ...messages], { minLength: messages.length });
    fc.assert(
      fc.property(orders, (some) => {
        const model = modelFrom([...some, ...messages.filter((message) => !some.includes(message))]);
        expect(hostIn(model)).toBe(target);
        expect(model.instance(uuid)?.state).toEqual({ vm_state: 'active', task_state: null });
      }),
      { numRuns: 100 },
    );
  });

  it('never goes back once the destination was told, in any order', () => {
    const orders = fc.shuffledSubarray([...messages], { minLength: messages.length });
    fc.assert(
      fc.property(orders, (order) => {
        const hosts = order.map((_, i) => hostIn(modelFrom(order.slice(0, i + 1))));
        expect(new Set(hosts.slice(hosts.indexOf(target)))).toEqual(new Set([target]));
      }),
      { numRuns: 30 },
    );
  });

  it('is seen by the updates alone, when the source fails to clean up and no event of the end is sent', () => {
    const left = messages.filter(({ event_type }) => !/live_migration_post/.test(event_type));
    expect(left.some(isUpdate)).toBe(true);
    for (const order of [left, [...left].reverse()]) expect(hostIn(modelFrom(order))).toBe(target);
  });

  it('is not believed from the source even with the clock of the source a day ahead', () => {
    const skewed = messages.map((message) =>
      message.publisher_id === `nova-compute:${source}` && !isUpdate(message)
        ? changed(message, {}, { timestamp: message.timestamp.replace('2026-11-23', '2026-11-24') })
        : message,
    );
    for (const order of [skewed, [...skewed].reverse()]) expect(hostIn(modelFrom(order))).toBe(target);
  });
});

describe.each(['live_migration_rollback', 'live_migration_abort_running'])(
  'the failed live migration of %s',
  (name) => {
    it('ends where it began in every order of its own events', () => {
      const end = firstOf(name, 'instance.live_migration_rollback.end');
      const { uuid, host } = data(end) as { uuid: string; host: string };
      const own = recorded(name).filter((message) => data(message).uuid === uuid);
      const decisive = own.filter(({ event_type }) => /live_migration_(rollback|abort)|create\.end/.test(event_type));
      expect(decisive.length).toBeGreaterThanOrEqual(3);
      for (const order of permutations(decisive)) {
        const instance = modelFrom(order).instance(uuid);
        expect(instance?.place?.host).toBe(host);
        expect(instance?.state?.task_state).toBeNull();
      }
    });
  },
);
