import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Sample } from '../../../model/metrics/sample.ts';
import { dryRun } from '../../../streams/sla/dry-run.ts';
import { Evaluator } from '../../../streams/sla/evaluator.ts';
import type { Rule } from '../../../streams/sla/rule.ts';
import { SampleStore, UNLIMITED } from '../../../streams/sla/windows/sample-store.ts';
import { bruteForce, type Heard, type Told } from './brute-force.ts';
import { arbitraryRule, arbitrarySample, ruleOf } from './rules.ts';

const everything = (): boolean => true;

function dry(rule: Rule, samples: readonly Sample[], step: number): Told[] {
  return [...dryRun([rule], samples, step, everything)].map(
    ({ time, rule: name, resource, from, to }) => [time, name, resource, from, to] as const,
  );
}

const sampleAt = (time: number): Sample => ({ metric: 'cpu_steal', resource: 'a', value: 90, time });

describe('a dry run', () => {
  test('tells what brute force tells, whatever the samples and their order', () => {
    fc.assert(
      fc.property(
        arbitraryRule,
        fc.array(arbitrarySample, { maxLength: 80 }),
        fc.constantFrom(5, 7, 15),
        (rule, samples, step) => {
          const times = samples.map(({ time }) => time);
          const heard: Heard[] = samples.map((sample) => ({ sample }));
          const last = Math.ceil((Math.max(...times) + rule.window) / step);
          for (let count = Math.ceil(Math.min(...times) / step); count <= last; count++)
            heard.push({ step: count * step });
          expect(dry(rule, samples, step)).toEqual(bruteForce(rule, heard));
        },
      ),
      {
        numRuns: 500,
        // The window ends at 1040 by one way of rounding, not by the other.
        examples: [[ruleOf({ window: 40 }), [sampleAt(1_000.000_000_000_000_1), sampleAt(1_050)], 5]],
      },
    );
  });

  test('passes over years of silence at once', () => {
    expect(dry(ruleOf(), [sampleAt(1_790_000_000), sampleAt(3)], 1)).toEqual([
      [3, 'r', 'a', 'unknown', 'breached'],
      [63, 'r', 'a', 'breached', 'unknown'],
      [1_790_000_000, 'r', 'a', 'unknown', 'breached'],
      [1_790_000_060, 'r', 'a', 'breached', 'unknown'],
    ]);
  });

  test('of no samples tells nothing', () => {
    expect(dry(ruleOf(), [], 15)).toEqual([]);
  });
});

describe('evaluation while samples come', () => {
  /** Samples in any order, each at most so late that some window still has it. */
  const arbitraryHeard = fc
    .array(fc.tuple(arbitrarySample, fc.integer({ min: 0, max: 200 })), { maxLength: 120 })
    .map((arrivals) => {
      const all: { at: number; heard: Heard }[] = arrivals.map(([sample, delay]) => ({
        at: sample.time + delay,
        heard: { sample },
      }));
      for (let t = 1_000; t <= 2_000; t += 10) all.push({ at: t + 0.5, heard: { step: t } });
      return all.sort((a, b) => a.at - b.at).map(({ heard }) => heard);
    });

  test('tells what brute force tells of what was heard by then', () => {
    fc.assert(
      fc.property(arbitraryRule, arbitraryHeard, (rule, heard) => {
        const store = new SampleStore(0, UNLIMITED);
        const evaluator = new Evaluator(store, everything);
        evaluator.setRules([rule]);
        const told: Told[] = [];
        for (const one of heard) {
          if ('sample' in one) store.add(one.sample);
          else
            evaluator.step(one.step, ({ time, rule: name, resource, from, to }) =>
              told.push([time, name, resource, from, to]),
            );
        }
        const order = (a: Told, b: Told): number => a[0] - b[0] || (a[2] < b[2] ? -1 : 1);
        expect(told.sort(order)).toEqual(bruteForce(rule, heard).sort(order));
      }),
      { numRuns: 500 },
    );
  });

  test('a rule that is about a resource no longer lets it become unknown, and takes it up again from there', () => {
    const store = new SampleStore(0, UNLIMITED);
    let about = true;
    const evaluator = new Evaluator(store, () => about);
    evaluator.setRules([ruleOf({ window: 600 })]);
    store.add({ metric: 'cpu_steal', resource: 'a', value: 90, time: 10 });
    const told: Told[] = [];
    const step = (t: number): void =>
      evaluator.step(t, ({ time, rule, resource, from, to }) => told.push([time, rule, resource, from, to]));
    step(15);
    about = false;
    evaluator.reselect(['a']);
    step(30);
    about = true;
    evaluator.reselect('all');
    step(45);
    expect(told).toEqual([
      [15, 'r', 'a', 'unknown', 'breached'],
      [30, 'r', 'a', 'breached', 'unknown'],
      [45, 'r', 'a', 'unknown', 'breached'],
    ]);
  });

  test('a rule that is replaced begins anew, the others keep what they hold', () => {
    const store = new SampleStore(0, UNLIMITED);
    const evaluator = new Evaluator(store, everything);
    const kept = ruleOf({ name: 'kept', window: 600 });
    evaluator.setRules([kept, ruleOf({ name: 'replaced', window: 600 })]);
    store.add({ metric: 'cpu_steal', resource: 'a', value: 90, time: 10 });
    evaluator.step(15, () => undefined);
    evaluator.setRules([kept, ruleOf({ name: 'replaced', window: 600, threshold: 60, clear: 60 })]);
    expect(evaluator.inspect('kept', 'a')?.state).toBe('breached');
    expect(evaluator.inspect('replaced', 'a')?.state).toBe('unknown');
    const told: string[] = [];
    evaluator.step(30, ({ rule, to }) => told.push(`${rule} ${to}`));
    expect(told).toEqual(['replaced breached']);
  });

  test('a series that nobody measured for an hour is forgotten, and its place is taken by another as unknown', () => {
    const store = new SampleStore(0, UNLIMITED);
    const evaluator = new Evaluator(store, everything);
    evaluator.setRules([ruleOf()]);
    const told: string[] = [];
    const step = (t: number): void =>
      evaluator.step(t, ({ time, resource, to }) => told.push(`${time} ${resource} ${to}`));
    store.add({ metric: 'cpu_steal', resource: 'a', value: 90, time: 10 });
    step(15);
    // As after a machine was suspended: no step in between.
    step(9_000);
    expect(store.seriesCount).toBe(0);
    store.add({ metric: 'cpu_steal', resource: 'b', value: 10, time: 9_010 });
    step(9_015);
    expect(told).toEqual(['15 a breached', '9000 a unknown', '9015 b ok']);
    expect(evaluator.inspect('r', 'a')).toMatchObject({ state: 'unknown', latest: null });
  });
});
