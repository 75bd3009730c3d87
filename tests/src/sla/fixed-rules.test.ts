import { expect, it } from 'vitest';
import { metricTable } from '../../../model/metrics/catalogue.ts';
import { fixedRules } from '../../../src/sla/fixed-rules.ts';
import type { RuleText } from '../../../src/sla/rule-schema.ts';

const METRICS = metricTable([]);
const rule = (name: string, above: number): RuleText => ({
  ...{ name, metric: 'cpu_steal', of: 'instance', where: {}, severity: 'warning', above },
  ...{ window: '1m', statistic: 'mean', hold: '0s', cooldown: '10m' },
});
const settings = (...rules: RuleText[]) => ({ rules });

it('a simulated cloud brings its rules with it', async () => {
  const rules = await fixedRules(settings(rule('mine', 1)), [rule('steal', 2)], METRICS);
  expect(rules.map(({ text, origin }) => [text.name, origin])).toEqual([
    ['mine', 'the configuration'],
    ['steal', 'the simulated cloud'],
  ]);
});

it('a rule of the configuration stands in the place of a simulated one, and of two clouds one counts', async () => {
  const rules = await fixedRules(settings(rule('steal', 1)), [rule('steal', 2), rule('x', 3), rule('x', 3)], METRICS);
  expect(rules.map(({ text }) => [text.name, text.above])).toEqual([
    ['steal', 1],
    ['x', 3],
  ]);
});

it('two rules of one name in the configuration are refused', async () => {
  await expect(fixedRules(settings(rule('a', 1), rule('a', 2)), [], METRICS)).rejects.toThrow('there is a rule a');
});
