import { describe, expect, it } from 'vitest';
import { breachedOf, type Incident, type Plan, storiesOf } from '../../web/loop.ts';

const NOON = Date.UTC(2026, 10, 25, 12);

function incident(more: Partial<Incident> = {}): Incident {
  return {
    id: 'i1',
    rule: 'steal',
    metric: 'cpu_steal',
    resource: 'vm-1',
    severity: 'warning',
    opened_at: NOON / 1_000,
    value: 20,
    threshold: 10,
    ended_at: null,
    end_reason: null,
    ...more,
  };
}

function plan(more: Partial<Plan> = {}): Plan {
  return {
    uuid: 'p1',
    state: 'ONGOING',
    status_message: null,
    goal: 'sla',
    strategy: 'sla',
    audit: { uuid: 'a1', name: 'asked' },
    trigger: { rule: 'steal', metric: 'cpu_steal', resources: ['vm-1'], severity: 'warning' },
    started_by: null,
    created_at: new Date(NOON + 1_000).toISOString(),
    updated_at: null,
    efficacy_indicators: [],
    global_efficacy: [],
    actions: [],
    rejected: [],
    rejected_count: 0,
    ...more,
  };
}

const steps = (plans: readonly Plan[], incidents: readonly Incident[], now = NOON): string[] =>
  storiesOf(plans, incidents, now).map((story) =>
    story.steps.map(({ name, standing }) => `${name} ${standing}`).join(', '),
  );

describe('a story', () => {
  it('begins with a breach, goes on with the plan that answers it, and ends when the metric is back', () => {
    const recovered = incident({ ended_at: NOON / 1_000 + 60, end_reason: 'recovered' });
    expect(steps([], [incident()])).toEqual(['breach done, plan current, action ahead, recovered ahead']);
    expect(steps([plan()], [incident()])).toEqual(['breach done, plan done, action current, recovered ahead']);
    expect(steps([plan({ state: 'SUCCEEDED' })], [incident()])).toEqual([
      'breach done, plan done, action done, recovered current',
    ]);
    expect(steps([plan({ state: 'SUCCEEDED' })], [recovered])).toEqual([
      'breach done, plan done, action done, recovered done',
    ]);
  });

  it('may begin with an audit of somebody, which nothing has to recover from', () => {
    expect(steps([plan({ trigger: null, state: 'RECOMMENDED' })], [])).toEqual(['plan done, action current']);
    expect(steps([plan({ trigger: null, state: 'SUPERSEDED' })], [])).toEqual(['plan done, action off']);
    expect(steps([plan({ trigger: null, state: 'FAILED' })], [])).toEqual(['plan done, action failed']);
  });

  it('is not that of a breach of another rule, of another resource, or of another time', () => {
    const later = incident({ id: 'later', opened_at: NOON / 1_000 + 600 });
    const others = [incident({ id: 'rule', rule: 'wait' }), incident({ id: 'resource', resource: 'vm-2' }), later];
    const stories = storiesOf([plan()], [incident(), ...others], NOON);
    expect(stories.find(({ key }) => key === 'p1')?.incidents.map(({ id }) => id)).toEqual(['i1']);
    expect(stories.map(({ key }) => key)).toEqual(['p1', 'rule wait', 'rule steal']);
  });

  it('of a breach that went by itself is told for some minutes', () => {
    const ended = incident({ ended_at: NOON / 1_000 + 30, end_reason: 'recovered' });
    expect(steps([], [ended], NOON + 60_000)).toEqual(['breach done, recovered done']);
    expect(steps([], [ended], NOON + 600_000)).toEqual([]);
  });
});

it('what has ended is not breached', () => {
  const ended = incident({ id: 'i2', resource: 'vm-2', ended_at: NOON / 1_000 + 1 });
  expect([...breachedOf([incident(), ended])]).toEqual(['vm-1']);
});
