import { describe, expect, it } from 'vitest';
import { FUTURE_LIMIT_SECONDS } from '../../../model/clock.ts';
import { factsOf, instanceNamed } from '../../../streams/authority/facts.ts';
import { decodeEnvelope } from '../../../streams/decode/envelope.ts';
import { bodies, changed, type Data, envelope, firstOf, type Message, messageOf } from '../messages.ts';
import { modelOf } from '../replayed.ts';

const SECOND = 1_000_000;
const NOW = Date.UTC(2026, 10, 24) * 1_000;
const update = firstOf('live_migration_success', 'instance.update');
const service = firstOf('recordings/service', 'service.update');

/** A message that says it was sent, and its row saved, so many seconds after NOW. */
function said(message: Message, sent: number, updated: number | null, data: Data = {}): Message {
  const text = (seconds: number): string => new Date(NOW / 1_000 + seconds * 1_000).toISOString();
  const updated_at = updated === null ? {} : { updated_at: `${text(updated).slice(0, 19)}Z` };
  const own = { timestamp: text(sent).replace('T', ' ').replace('Z', ''), message_id: `${sent} ${updated}` };
  return changed(message, { ...data, ...updated_at }, own);
}

const told = (message: Message, seconds: number) => factsOf(decodeEnvelope(envelope(message)), NOW + seconds * SECOND);

describe('a clock in the future', () => {
  const limit = FUTURE_LIMIT_SECONDS;

  it('is believed up to the limit, and beyond it cut to the limit and noted', () => {
    expect(told(said(update, limit, limit), 0).cut).toBe(false);
    const far = 50 * 365 * 86_400;
    for (const message of [said(update, far, 0), said(update, 0, far), said(update, limit + 1, limit + 1)]) {
      const { facts, cut } = told(message, 0);
      expect(cut).toBe(true);
      for (const { clock, cause } of facts) {
        expect(Number(clock.slice(0, 10))).toBeLessThanOrEqual(NOW / SECOND + limit);
        expect(Number(clock.slice(13, 29))).toBeLessThanOrEqual(NOW + limit * SECOND);
        expect(cause.time).toBeLessThanOrEqual(NOW + limit * SECOND);
      }
    }
  });

  it('keeps out what is right until a row is saved after the limit has passed, and no longer', () => {
    const poison = said(update, 10 ** 9, 10 ** 9, { host: 'nowhere' });
    const hostAfter = (seconds: number): string | null | undefined => {
      const truth = said(update, seconds, seconds, { host: 'somewhere' });
      const model = modelOf([told(poison, 0).facts, told(truth, seconds).facts]);
      return [...model.instances()][0]?.place?.host;
    };
    expect(hostAfter(limit - 1)).toBe('nowhere');
    expect(hostAfter(limit + 1)).toBe('somewhere');
  });

  it('of what time alone orders keeps out what is right until the limit has passed, and no longer', () => {
    const poison = said(service, 10 ** 9, null, { disabled: true });
    const disabledAfter = (seconds: number): boolean | undefined => {
      const truth = said(service, seconds, null, { disabled: false });
      const model = modelOf([told(poison, 0).facts, told(truth, seconds).facts]);
      return [...model.hosts()][0]?.service?.disabled;
    };
    expect(disabledAfter(limit - 1)).toBe(true);
    expect(disabledAfter(limit + 1)).toBe(false);
  });

  it('is noted for a failed task too, whose second is cut with its time', () => {
    const failed = firstOf('compute_task_build_error', 'compute_task.build_instances.error');
    const { facts, cut } = told(said(failed, 10 ** 9, null), 0);
    expect(cut).toBe(true);
    expect(Number(facts[0]?.clock.slice(0, 10))).toBe(NOW / SECOND + limit);
    const fault = facts.find(({ register }) => register === 'fault')?.value as { at: number };
    expect(fault.at).toBe(NOW + limit * SECOND);
  });
});

describe('a clock of long ago', () => {
  it('is that of 1970 when it is older, and loses against all others', () => {
    const old = changed(update, { updated_at: '0001-01-01T00:00:00Z' }, { timestamp: '0001-01-01 00:00:00' });
    const { facts, cut } = told(old, 0);
    expect(cut).toBe(false);
    for (const { clock, cause } of facts) {
      expect(clock).toMatch(/^0{10}\.1\.0{16}\./);
      expect(cause.time).toBe(0);
    }
  });
});

describe('a row version', () => {
  it('that is no time makes the message unusable', () => {
    for (const updated_at of ['soon', 7, true, '', [], {}]) {
      expect(() => told(changed(update, { updated_at: updated_at as never }), 0)).toThrow(/^updated_at must be/);
    }
    const without = structuredClone(update);
    delete without.payload['nova_object.data'].updated_at;
    expect(() => told(without, 0)).toThrow(/^updated_at must be/);
  });

  it('is not needed where nothing is claimed', () => {
    const nothing = changed(update, { updated_at: 7 }, { event_type: 'instance.live_migration_post.end' });
    expect(told(nothing, 0)).toEqual({ facts: [], cut: false });
  });
});

describe('all facts of a message', () => {
  it('share one cause, which names the message', () => {
    for (const body of bodies) {
      const { message_id: id, publisher_id: publisher, event_type: event } = messageOf(body);
      const { facts } = factsOf(decodeEnvelope(body), NOW);
      expect(new Set(facts.map(({ cause }) => cause)).size).toBeLessThanOrEqual(1);
      for (const { cause } of facts) expect(cause).toMatchObject({ id, publisher, event });
    }
  });

  it('are of different registers', () => {
    for (const body of bodies) {
      const { facts } = factsOf(decodeEnvelope(body), NOW);
      expect(new Set(facts.map(({ element, register }) => `${element} ${register}`)).size).toBe(facts.length);
    }
  });
});

describe('the instance a message names', () => {
  it('is that of its payload for instances and tasks, and none for others', () => {
    for (const body of bodies) {
      const message = messageOf(body);
      const { uuid, instance_uuid } = message.payload['nova_object.data'];
      const named = message.event_type.startsWith('instance.') ? uuid : instance_uuid;
      const expected = /^(instance|compute_task)\./.test(message.event_type) ? named : null;
      expect(instanceNamed(decodeEnvelope(body))).toBe(expected);
    }
  });
});
