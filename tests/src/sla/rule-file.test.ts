import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { metricTable } from '../../../model/metrics/catalogue.ts';
import type { VigilError } from '../../../src/errors.ts';
import { readRuleFile } from '../../../src/sla/rule-file.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vigil-rules-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function read(text: string): ReturnType<typeof readRuleFile> {
  await writeFile(join(folder, 'rules.yaml'), text);
  return readRuleFile('rules.yaml', metricTable([]), folder);
}

async function complaint(text: string): Promise<string> {
  return read(text).then(
    () => 'nothing',
    (error: VigilError) => error.message,
  );
}

test('a rule in a few lines means what an operator says', async () => {
  const rules = await read(`
rules:
  - {name: steal, metric: cpu_steal, of: instance, where: {aggregate: gold}, above: 10, hold: 2m, audit: {goal: noisy_neighbor}}
`);
  expect(rules).toEqual([
    {
      ...{ name: 'steal', metric: 'cpu_steal', of: 'instance', where: { aggregate: ['gold'] } },
      ...{ window: 60, statistic: { kind: 'mean' }, bad: 'above', threshold: 10, clear: 10 },
      ...{ hold: 120, cooldown: 600, severity: 'warning', objective: null },
      audit: { goal: 'noisy_neighbor', strategy: null, parameters: {}, automation: 'manual' },
    },
  ]);
});

test('everything that can be said is understood, in JSON too', async () => {
  const where = { host: ['a', 'b'], metadata: { tier: 1, paid: true } };
  const rule = {
    ...{ name: 'all', metric: 'cpu_util', of: 'instance', where, window: '1.5m', statistic: 'p95', below: 5, clear: 7 },
    ...{ hold: 0, cooldown: '1h', severity: 'critical', objective: { target: 99.5, period: '30d' } },
  };
  const [read1] = await read(JSON.stringify({ rules: [rule] }));
  expect(read1).toMatchObject({
    ...{ where: { host: ['a', 'b'], metadata: { tier: '1', paid: 'true' } }, window: 90, bad: 'below', clear: 7 },
    ...{ statistic: { kind: 'percentile', share: 0.95 }, hold: 0, cooldown: 3_600, audit: null },
    objective: { target: 0.995, period: 2_592_000 },
  });
});

const RULE = 'name: steal, metric: cpu_steal, of: instance';

test.each([
  ['{rules: []}', 'nothing'],
  ['{}', 'rules.yaml: rules is missing: a rule file is {rules: [...]}, this one has nothing'],
  ['{rule: []}', 'rules.yaml: rules is missing: a rule file is {rules: [...]}, this one has rule'],
  ['{rules: {}}', 'rules.yaml:1: rules must be a list of at most 1000 rules, not a group of settings'],
  [`rules: [{${RULE}}]`, 'rules.yaml:1: rules[0].above, of rule steal, is missing: give above or below, the threshold'],
  [`rules: [{${RULE}, above: 1, below: 2}]`, 'rules[0].below, of rule steal, is given beside above: give only one'],
  [
    `rules: [{${RULE}, above: 8, clear: 10}]`,
    'rules[0].clear, of rule steal, is 10: it must not be greater than above',
  ],
  [`rules: [{${RULE}, below: 8, clear: 5}]`, 'rules[0].clear, of rule steal, is 5: it must not be less than below'],
  [`rules: [{${RULE}, above: "10"}]`, 'rules[0].above, of rule steal, must be a number, not "10"'],
  [`rules: [{${RULE}, above: .nan}]`, 'rules[0].above, of rule steal, must be a number'],
  [`rules: [{${RULE}, above: 1, hold: 2 minutes}]`, 'rules[0].hold, of rule steal, must be a duration such as 30s, 2m'],
  [`rules: [{${RULE}, above: 1, hold: -5}]`, 'rules[0].hold, of rule steal, must be a duration'],
  [`rules: [{${RULE}, above: 1, window: 0s}]`, 'rules[0].window, of rule steal, is 0s: it must be more than nothing'],
  [`rules: [{${RULE}, above: 1, statistic: p101}]`, 'rules[0].statistic, of rule steal, must be one of mean, max, min'],
  [`rules: [{${RULE}, above: 1, holds: 2m}]`, 'rules[0].holds, of rule steal, is not known; did you mean hold?'],
  [`rules: [{${RULE}, above: 1, where: {agregate: gold}}]`, 'rules[0].where.agregate, of rule steal, is not known'],
  [
    `rules: [{${RULE}, above: 1, where: {metadata: {a: []}}}]`,
    'where.metadata.a, of rule steal, must be a text, not []',
  ],
  [`rules: [{${RULE}, above: 1, audit: {}}]`, 'rules[0].audit, of rule steal, says not what to audit for'],
  [
    `rules: [{${RULE}, above: 1, objective: {target: 100}}]`,
    'rules[0].objective.target, of rule steal, must be a number',
  ],
  [
    `rules: [{${RULE}, above: ten}, {name: x, metric: cpu_stael, above: 1}]`,
    'rules[0].above, of rule steal, must be a number, not "ten"\n',
  ],
  [
    `rules: [{${RULE}, above: ten}, {name: x, metric: cpu_stael, above: 1}]`,
    'rules[1].metric, of rule x, is cpu_stael',
  ],
  [`rules: [{${RULE}, above: 1, objective: {target: 99, per: [host, host]}}]`, 'per, of rule steal, must be a list of'],
  [`rules: [{${RULE}, above: 1, objective: {target: 99, period: 90m}}]`, 'objective.period, of rule steal, is 90m'],
  [
    'rules: [{name: x, metric: cpu_stael, above: 1}]',
    'rules[0].metric, of rule x, is cpu_stael, which is no metric; did',
  ],
  [
    'rules: [{name: x, metric: cpu_util, above: 1}]',
    'rules[0].of, of rule x, is missing: cpu_util is measured of inst',
  ],
  [
    'rules: [{name: x, metric: host_power, of: instance, above: 1}]',
    'rules[0].of, of rule x, is instance, but host_pow',
  ],
  [
    'rules: [{name: x, metric: host_power, above: 1, where: {flavor: m}}]',
    'rules[0].where.flavor, of rule x, says some',
  ],
  [
    `rules:\n  - {${RULE}, above: 1}\n  - {${RULE}, above: 2}`,
    'rules.yaml:3: rules[1].name, of rule steal, is steal, as',
  ],
  ['rules: [', 'The rule file rules.yaml cannot be read: line 1'],
])('%s is answered by: %s', async (text, expected) => {
  expect(await complaint(text)).toContain(expected);
});

test('a file that is not there is named', async () => {
  await expect(readRuleFile('none.yaml', metricTable([]), folder)).rejects.toThrow('There is no rule file none.yaml.');
});
