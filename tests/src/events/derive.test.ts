import { describe, expect, it } from 'vitest';
import type { Value } from '../../../model/fact.ts';
import { EVENT_ID_FORM } from '../../../src/events/cloud-event.ts';
import { eventsOf } from '../../../src/events/derive.ts';
import { AUDIT, INCIDENT, PLAN } from './records.ts';

const told = (kind: string, id: string, value: unknown) =>
  eventsOf({ kind, id, version: 1, value: value as Value }, 'cloud');

describe('what is told of a record', () => {
  it('is a CloudEvent for each thing that happened to it', () => {
    const [created, changed, ...none] = told('audit', 'audit-1', AUDIT);
    expect(none).toEqual([]);
    expect(created).toMatchObject({
      ...{ specversion: '1.0', source: '/vigil/cloud', type: 'vigil.audit.created', subject: 'audit/audit-1' },
      ...{ time: '2026-11-25T21:00:01.000Z', datacontenttype: 'application/json' },
      data: { audit: 'audit-1', goal: 'g', from: null, to: 'PENDING', reason: 'asked for' },
    });
    expect(changed).toMatchObject({ type: 'vigil.audit.changed', data: { from: 'PENDING', to: 'ONGOING' } });
    expect(created?.id).toMatch(new RegExp(EVENT_ID_FORM));
    expect(Number(created?.id.split('-')[0])).toBe(Date.parse('2026-11-25T21:00:01Z'));
  });

  it('is the same whenever it is told, and more when more happened', () => {
    const open = told('sla_incident', 'i1', INCIDENT);
    const endedAt = INCIDENT.openedAt + 90;
    const over = told('sla_incident', 'i1', { ...INCIDENT, audit: 'r', endedAt, endReason: 'recovered' });
    expect(over[0]).toEqual(open[0]);
    expect(over[1]).toMatchObject({
      ...{ type: 'vigil.breach.ended', subject: 'uuid-1' },
      data: { rule: 'steal', reason: 'recovered', lasted_seconds: 90 },
    });
  });

  it('is nothing once it is removed, and of kinds that are nobody’s business', () => {
    expect(told('audit', 'audit-1', null)).toEqual([]);
    expect(told('sla_rule', 'r', { name: 'r' })).toEqual([]);
    expect(told('action_plan', 'plan-1', PLAN)).toHaveLength(1);
  });
});
