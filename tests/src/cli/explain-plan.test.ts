import { stripVTControlCharacters } from 'node:util';
import { expect, it } from 'vitest';
import { type ExplainedPlan, explainPlan } from '../../../src/cli/explain-plan.ts';

const PLAN: ExplainedPlan = {
  uuid: 'p1',
  state: 'FAILED',
  status_message: 'an action failed',
  goal: 'sla',
  strategy: 'sla',
  audit: { name: 'asked' },
  trigger: { rule: 'steal', metric: 'cpu_steal', resources: ['vm-1'] },
  started_by: 'engine',
  efficacy_indicators: [
    { name: 'cpu_steal', value: 31, unit: '%' },
    { name: 'recovery_time', value: 26.404, unit: 's' },
  ],
  global_efficacy: [{ name: 'cpu_steal', value: 31, unit: '%' }],
  actions: [
    {
      type: 'migrate',
      state: 'FAILED',
      status_message: 'nova\x1b[2J refused',
      reason: 'it takes the CPU that vm-1 misses',
      input: { resource_name: 'vm-2', source_node: 'h1', destination_node: 'h2' },
    },
  ],
  rejected: [{ candidate: 'vm-9', code: 'locked', text: 'it is locked' }],
  rejected_count: 3,
  history: [{ to: 'RECOMMENDED', at: '2026-11-25T12:00:00.000Z', reason: 'proposed', by: 'engine' }],
};

it('a plan is told in words, which nothing in it can spoil', () => {
  expect(stripVTControlCharacters(explainPlan(PLAN).join('\n'))).toBe(
    [
      'plan p1: FAILED, an action failed',
      'made by the strategy sla for the goal sla, audit asked',
      'it answers a breach of steal: cpu_steal of vm-1',
      'started by engine',
      '',
      'Efficacy',
      '  cpu_steal: 31 %',
      '  recovery_time: 26.4 s',
      '',
      'Actions',
      '  FAILED    migrate vm-2 h1 -> h2: nova?[2J refused',
      '            why: it takes the CPU that vm-1 misses',
      '',
      'Not done',
      '  vm-9: it is locked',
      '  … and 2 more',
      '',
      'History',
      '  2026-11-25T12:00:00.000Z  RECOMMENDED proposed (engine)',
    ].join('\n'),
  );
});
