import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CATALOGUE } from '../model/metrics/catalogue.ts';
import type { Rule } from '../streams/sla/rule.ts';
import { parseStatistic } from '../streams/sla/statistic.ts';

/** How often everything is measured and rules are evaluated, in seconds. */
export const STEP = 15;
const START = 1_790_000_010;
/** Series each rule is about. */
const RESOURCES = 4_000;

/** What each metric is looked at by: five rules that share no statistic. */
const LOOKS = [
  { statistic: 'mean', window: 60, hold: 120 },
  { statistic: 'max', window: 120, hold: 0 },
  { statistic: 'p95', window: 120, hold: 60 },
  { statistic: 'last', window: 30, hold: 60 },
  { statistic: 'rate', window: 60, hold: 30 },
] as const;

/** The metrics that are measured. */
export const METRICS: readonly string[] = CATALOGUE.slice(0, 10).map(({ name }) => name);

/** Fifty rules: ten metrics, five looks at each. */
export const RULES: readonly Rule[] = METRICS.flatMap((metric) =>
  LOOKS.map(({ statistic, window, hold }) => ({
    ...{ name: `${metric}-${statistic}`, metric, of: 'instance', where: {}, window, hold, cooldown: 600 },
    ...{ statistic: parseStatistic(statistic), bad: 'above', threshold: 80, clear: 70, severity: 'warning' },
    ...{ audit: null, objective: null },
  })),
);

/** Samples on disk, so that both sides read the very same. */
export interface SampleFiles {
  readonly rounds: readonly string[];
  remove(): Promise<void>;
}

/** Writes so many rounds of so many steps, each a sample of every metric of every resource. */
export async function writeSamples(rounds: number, steps: number): Promise<SampleFiles> {
  const folder = await mkdtemp(join(tmpdir(), 'vigil-bench-sla-'));
  const files: string[] = [];
  for (let round = 0; round < rounds; round++) {
    const file = join(folder, `round-${round}`);
    const out = createWriteStream(file);
    for (let step = 0; step < steps; step++) out.write(linesOf(round * steps + step));
    out.end();
    await once(out, 'finish');
    files.push(file);
  }
  return { rounds: files, remove: () => rm(folder, { recursive: true }) };
}

/** One step's samples, as whoever pushes them writes them. */
function linesOf(step: number): string {
  const lines: string[] = [];
  for (const [m, metric] of METRICS.entries()) {
    for (let i = 0; i < RESOURCES; i++) lines.push(JSON.stringify(sampleOf(metric, m, i, step)));
  }
  return `${lines.join('\n')}\n`;
}

/** A value that wanders, so that now and then a threshold is passed. */
function sampleOf(metric: string, m: number, i: number, step: number): object {
  const value = Number((50 + 40 * Math.sin(step / 9 + i + m) + ((step * 7 + i * 13) % 11)).toFixed(3));
  return { metric, resource: resourceOf(i), value, time: START + step * STEP + (i % 10) / 2 };
}

/** A uuid, as instances have. */
export function resourceOf(i: number): string {
  return `8c2f0e5a-3b1d-4c6e-9f70-${String(i).padStart(12, '0')}`;
}
