import { describe, expect, test } from 'vitest';
import type { Aggregate, Host, ServerGroup } from '../../../sim/state/types.ts';
import { serverGroupPayload } from '../../../sim/wire/common.ts';
import { aggregatePayload, servicePayload } from '../../../sim/wire/resources.ts';
import { payloadText, type Recorded, recorded } from '../recorded.ts';

const MESSAGES = recorded('recordings');

function sent(prefix: string): [Recorded, Record<string, unknown>][] {
  return MESSAGES.filter(({ message }) => message.event_type.startsWith(prefix)).map((message) => [
    message,
    message.message.payload['nova_object.data'],
  ]);
}

describe('payloads have the bytes that nova wrote', () => {
  test('of services', () => {
    const services = sent('service.').filter(([, data]) => data.binary === 'nova-compute');
    expect(services.length).toBeGreaterThan(4);
    for (const [message, data] of services) {
      const host = {
        name: data.host,
        disabled: data.disabled,
        disabledReason: data.disabled_reason,
        forcedDown: data.forced_down,
        serviceUuid: data.uuid,
      } as Host;
      const seen = data.last_seen_up as string | null;
      const notice = {
        host,
        reportCount: data.report_count as number,
        lastSeenUp: seen === null ? null : Date.parse(seen) / 1000,
      };
      expect(servicePayload(notice)).toBe(payloadText(message));
    }
  });

  test('of aggregates', () => {
    const aggregates = sent('aggregate.');
    expect(aggregates.length).toBeGreaterThan(10);
    for (const [message, data] of aggregates) {
      const created = data.id !== null;
      const aggregate = { ...data } as unknown as Aggregate;
      expect(aggregatePayload({ aggregate, created })).toBe(payloadText(message));
    }
  });

  test('of server groups', () => {
    const groups = sent('server_group.');
    expect(groups.length).toBeGreaterThan(4);
    for (const [message, data] of groups) {
      const actor = { userId: data.user_id, projectId: data.project_id };
      const group = { ...data, actor } as unknown as ServerGroup;
      expect(serverGroupPayload({ group, hosts: null })).toBe(payloadText(message));
    }
  });
});
