import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { metricTable } from '../../../model/metrics/catalogue.ts';
import { testRules } from '../../../src/cli/sla-test.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vigil-sla-test-'));
});
afterAll(() => rm(folder, { recursive: true }));

const RULES = `
rules:
  - {name: steal, metric: cpu_steal, of: instance, where: {aggregate: gold}, window: 30s, above: 10, hold: 30s}
  - {name: any, metric: cpu_steal, of: instance, window: 30s, statistic: max, above: 10}
`;

async function lines(samples: readonly string[], model?: string): Promise<string[]> {
  const path = (name: string): string => join(folder, name);
  await writeFile(path('rules.yaml'), RULES);
  await writeFile(path('samples.jsonl'), samples.join('\n'));
  if (model !== undefined) await writeFile(path('model.json'), model);
  const written: string[] = [];
  const run = {
    ...{ rules: path('rules.yaml'), samples: path('samples.jsonl'), step: 15, metrics: metricTable([]) },
    model: model === undefined ? null : path('model.json'),
  };
  await testRules(run, (line) => written.push(line));
  return written;
}

const sample = (resource: string, time: number, value = 50): string =>
  JSON.stringify({ metric: 'cpu_steal', resource, value, time });

test('each change of state is a line, by time, rule and resource', async () => {
  expect(await lines([sample('b', 20), sample('a', 1), sample('a', 20), sample('a', 40)])).toEqual([
    '{"time":15,"rule":"any","resource":"a","from":"unknown","to":"breached"}',
    '{"time":15,"rule":"steal","resource":"a","from":"unknown","to":"pending"}',
    '{"time":30,"rule":"any","resource":"b","from":"unknown","to":"breached"}',
    '{"time":30,"rule":"steal","resource":"b","from":"unknown","to":"pending"}',
    '{"time":45,"rule":"steal","resource":"a","from":"pending","to":"breached"}',
    '{"time":60,"rule":"any","resource":"b","from":"breached","to":"unknown"}',
    '{"time":60,"rule":"steal","resource":"b","from":"pending","to":"unknown"}',
    '{"time":75,"rule":"any","resource":"a","from":"breached","to":"unknown"}',
    '{"time":75,"rule":"steal","resource":"a","from":"breached","to":"unknown"}',
  ]);
});

const MODEL = JSON.stringify({
  revision: '1-1',
  instances: [
    { uuid: 'a', host: 'gold-1', flavor: null, metadata: {}, state: 'active' },
    { uuid: 'b', host: 'lead-1' },
  ],
  aggregates: [{ uuid: 'u', name: 'gold', hosts: ['gold-1'], metadata: {} }],
});

test('with a model rules are about those it says, and nobody else', async () => {
  const written = await lines([sample('a', 1), sample('b', 1), sample('stranger', 1)], MODEL);
  const [first, second, third] = written.map((line) => JSON.parse(line));
  expect([first, second, third].map(({ rule, resource }) => `${rule} ${resource}`)).toEqual([
    'any a',
    'any b',
    'steal a',
  ]);
  expect(written.join()).not.toMatch(/stranger|"steal","resource":"b"/);
});

test.each([
  ['{}', 'it has none of hosts, instances, aggregates, server_groups'],
  ['{"instances": [{"uuid": 7}]}', 'instances[0].uuid must be a text, not 7'],
  ['[', 'JSON'],
])('a model that is %s is refused', async (model, problem) => {
  await expect(lines([], model)).rejects.toThrow(problem);
});

test('a line that is no sample is named', async () => {
  await expect(lines([sample('a', 1), '', '{"metric": "cpu_steal"}'])).rejects.toThrow(
    /samples\.jsonl:3 is no sample: "resource" must be a name, not missing\.$/,
  );
  await expect(lines([' '.repeat(70_000)])).rejects.toThrow('samples.jsonl:1 is no sample: it is longer than');
});
