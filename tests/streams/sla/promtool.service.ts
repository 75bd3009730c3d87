import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { CATALOGUE } from '../../../model/metrics/catalogue.ts';
import type { Sample } from '../../../model/metrics/sample.ts';
import { obtain, path, TOOLS } from '../../../servers/obtain.ts';
import { dryRun } from '../../../streams/sla/dry-run.ts';
import type { Rule } from '../../../streams/sla/rule.ts';
import { formatStatistic, parseStatistic } from '../../../streams/sla/statistic.ts';
import { ruleOf } from './rules.ts';

const run = promisify(execFile);
let folder: string;
beforeAll(async () => {
  await obtain(TOOLS.prometheus);
  folder = await mkdtemp(join(tmpdir(), 'vigil-promtool-'));
});
afterAll(() => rm(folder, { recursive: true }));

const STEP = 15;
/** Prime to the step: samples fall on a step, where Prometheus 2 counts them in two windows, only where none is made. */
const INTERVAL = 13;
const STEPS = 60;
const SERIES = 6;

/** The functions of Prometheus that are the statistics of a rule; its rate is another: it extrapolates. */
const FUNCTIONS = {
  mean: (range: string) => `avg_over_time(${range})`,
  max: (range: string) => `max_over_time(${range})`,
  min: (range: string) => `min_over_time(${range})`,
  last: (range: string) => `last_over_time(${range})`,
  p95: (range: string) => `quantile_over_time(0.95, ${range})`,
  p50: (range: string) => `quantile_over_time(0.5, ${range})`,
} as const;

const RULES: readonly Rule[] = Object.keys(FUNCTIONS).flatMap((statistic, i) =>
  [0, 30, 75].map((hold, j) => {
    const bad = (i + j) % 3 === 0 ? ('below' as const) : ('above' as const);
    const threshold = bad === 'above' ? 55 : 45;
    const name = `${statistic}-${hold}`;
    return ruleOf({
      name,
      statistic: parseStatistic(statistic),
      window: [30, 60, 120][j] ?? 60,
      hold,
      bad,
      threshold,
      clear: threshold,
    });
  }),
);

/** A series that wanders, with gaps: values by place, null for none. */
function series(seed: number): (number | null)[] {
  let state = seed * 2_654_435_761;
  const random = (): number => {
    state = (Math.imul(state ^ (state >>> 15), 2_246_822_519) + 374_761_393) >>> 0;
    return state / 2 ** 32;
  };
  let value = 50;
  let gap = 0;
  return Array.from({ length: Math.ceil((STEP * STEPS) / INTERVAL) }, (_, i) => {
    value = Math.min(100, Math.max(0, value + (random() - 0.5) * 30));
    if (random() < 0.06) gap = Math.floor(random() * 14);
    gap -= 1;
    return gap >= 0 || (i * INTERVAL) % STEP === 0 ? null : Math.round(value * 1_000) / 1_000;
  });
}

/** The rules as Prometheus writes them. */
function alerts(): object {
  const rules = RULES.map(({ name, statistic, window, bad, threshold, hold }) => {
    const of = FUNCTIONS[formatStatistic(statistic) as keyof typeof FUNCTIONS](`cpu_steal[${window}s]`);
    return { alert: name, expr: `${of} ${bad === 'above' ? '>' : '<'} ${threshold}`, for: `${hold}s` };
  });
  return { groups: [{ name: 'vigil', interval: `${STEP}s`, rules }] };
}

/** What Prometheus must have firing at each step: the series that are breached. */
function expected(samples: readonly Sample[]): object[] {
  const transitions = [...dryRun(RULES, samples, STEP, () => true)];
  return RULES.flatMap(({ name }) => {
    const breached = new Set<string>();
    const own = transitions.filter(({ rule }) => rule === name);
    return Array.from({ length: STEPS }, (_, i) => {
      const time = i * STEP;
      for (const { resource, to } of own.filter((one) => one.time === time)) {
        if (to === 'breached') breached.add(resource);
        else breached.delete(resource);
      }
      return {
        ...{ eval_time: `${time}s`, alertname: name },
        exp_alerts: [...breached].map((resource) => ({ exp_labels: { resource } })),
      };
    });
  });
}

async function promtool(...args: string[]): Promise<string> {
  return run(path('promtool'), args, { cwd: folder, maxBuffer: 64 * 1_024 * 1_024 }).then(
    ({ stdout }) => stdout,
    (error: { stdout: string; stderr: string }) => error.stdout + error.stderr,
  );
}

test.each([1, 2, 3])(
  'what is breached is what Prometheus has firing, step by step (series of seed %i)',
  async (seed) => {
    const all = Array.from({ length: SERIES }, (_, i) => ({ resource: `vm-${i}`, values: series(seed * 100 + i) }));
    const samples = all.flatMap(({ resource, values }) =>
      values.flatMap((value, i) =>
        value === null ? [] : [{ metric: 'cpu_steal', resource, value, time: i * INTERVAL }],
      ),
    );
    const checks = expected(samples);
    expect(checks.filter((check) => JSON.stringify(check).includes('vm-')).length).toBeGreaterThan(100);
    const suite = {
      rule_files: ['rules.yaml'],
      evaluation_interval: `${STEP}s`,
      tests: [
        {
          interval: `${INTERVAL}s`,
          input_series: all.map(({ resource, values }) => ({
            series: `cpu_steal{resource="${resource}"}`,
            values: values.map((value) => value ?? '_').join(' '),
          })),
          alert_rule_test: checks,
        },
      ],
    };
    await writeFile(join(folder, 'rules.yaml'), stringify(alerts()));
    await writeFile(join(folder, 'suite.yaml'), stringify(suite));
    expect(await promtool('test', 'rules', 'suite.yaml')).toContain('SUCCESS');
  },
);

test('every query of the catalogue is one that Prometheus understands', async () => {
  const queries = CATALOGUE.flatMap(({ name, provisions }) =>
    provisions
      .filter(({ by }) => by.endsWith('exporter') || by === 'aetos')
      .map(({ by, query }) => ({ record: `${name}:${by}`, expr: query.replaceAll('$window', '2m') })),
  );
  await writeFile(join(folder, 'queries.yaml'), stringify({ groups: [{ name: 'catalogue', rules: queries }] }));
  expect(await promtool('check', 'rules', 'queries.yaml')).toContain(`SUCCESS: ${queries.length} rules found`);
});
