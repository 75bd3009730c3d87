import { setTimeout } from 'node:timers/promises';
import { Evaluator } from '../../streams/sla/evaluator.ts';
import { parseSampleLine } from '../../streams/sla/sample-line.ts';
import { SampleStore, UNLIMITED } from '../../streams/sla/windows/sample-store.ts';
import { readMessages } from '../messages.ts';
import { RULES, resourceOf, STEP } from '../sla-load.ts';
import { collectGarbage, type Side } from './side.ts';

const MILLIS_PER_SECOND = 1_000;
const COLLECTIONS = 3;
const MILLIS_BETWEEN_COLLECTIONS = 100;
const everything = (): boolean => true;

/** Reads lines of samples, checks them, keeps their windows and evaluates all rules at each step. Rounds give lines a second. */
export async function slaEvaluateSide(): Promise<Side> {
  const store = new SampleStore(0, UNLIMITED);
  const evaluator = new Evaluator(store, everything);
  evaluator.setRules(RULES);
  let next = Number.NaN;
  let changes = 0;
  return {
    round: async (file) => {
      const lines = readMessages(file);
      await collectGarbage();
      const start = performance.now();
      for (const line of lines) {
        const sample = parseSampleLine(line.toString());
        if (Number.isNaN(next)) next = Math.ceil(sample.time / STEP) * STEP;
        while (sample.time > next) {
          evaluator.step(next, () => {
            changes += 1;
          });
          next += STEP;
        }
        store.add(sample);
      }
      const rate = (lines.length * MILLIS_PER_SECOND) / (performance.now() - start);
      if (changes === 0) throw new Error('no rule was ever breached: nothing was evaluated');
      return rate;
    },
    close: async () => undefined,
  };
}

/** The least that anybody does with a line: JSON.parse. Rounds give lines a second. */
export async function slaParseSide(): Promise<Side> {
  return {
    round: async (file) => {
      const lines = readMessages(file);
      await collectGarbage();
      const start = performance.now();
      for (const line of lines) {
        const { metric } = JSON.parse(line.toString()) as { metric?: string };
        if (metric === undefined) throw new TypeError('a line without a metric');
      }
      return (lines.length * MILLIS_PER_SECOND) / (performance.now() - start);
    },
    close: async () => undefined,
  };
}

/** Steps until every window is full. */
const STEPS = 20;
const START = 1_790_000_000;
const SERIES = 4_000;

/**
 * Fifty rules on a metric each, so that no two share a window of samples. Rounds give the bytes that all that is held weighs,
 * by series and rule.
 */
export async function slaMemorySide(): Promise<Side> {
  const rules = RULES.map((rule) => ({ ...rule, metric: rule.name }));
  const held: unknown[] = [];
  return {
    round: async () => {
      held.length = 0;
      const before = await weigh();
      const store = new SampleStore(0, UNLIMITED);
      const evaluator = new Evaluator(store, everything);
      evaluator.setRules(rules);
      for (let step = 0; step < STEPS; step++) {
        const time = START + step * STEP;
        for (const { metric } of rules) {
          for (let i = 0; i < SERIES; i++) {
            store.add({ metric, resource: resourceOf(i), value: (i + step) % 100, time: time + (i % 10) });
          }
        }
        evaluator.step(time + STEP, () => undefined);
      }
      held.push(store, evaluator);
      return ((await weigh()) - before) / (SERIES * rules.length);
    },
    close: async () => undefined,
  };
}

/** Bytes held after all garbage is collected: the memory behind arrays is let go some time after they are. */
async function weigh(): Promise<number> {
  for (let i = 0; i < COLLECTIONS; i++) {
    await collectGarbage();
    await setTimeout(MILLIS_BETWEEN_COLLECTIONS);
  }
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
