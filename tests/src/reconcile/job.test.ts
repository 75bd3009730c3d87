import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Job } from '../../../src/reconcile/job.ts';
import { FakeTiming } from './fake-timing.ts';

let timing: FakeTiming;
let runs: number[];
let stop: AbortController;
let outcome: boolean;
/** What a run waits for, if anything. */
let gate: Promise<void> | null;
let begun: number;
let looping: Promise<void>;

beforeEach(() => {
  timing = new FakeTiming();
  runs = [];
  stop = new AbortController();
  outcome = true;
  gate = null;
});

afterEach(async () => {
  stop.abort();
  await looping;
});

/** A job every minute; `runs` are the seconds at which it ran. */
function start(): Job {
  begun = timing.now();
  const job = new Job(
    60,
    async () => {
      runs.push((timing.now() - begun) / 1_000_000);
      await gate;
      return outcome;
    },
    timing,
  );
  looping = job.loop(stop.signal);
  return job;
}

it('runs at its interval', async () => {
  start();
  await timing.pass(185);
  expect(runs).toEqual([60, 120, 180]);
});

it('runs at once when asked, and tells when that is done', async () => {
  const job = start();
  await timing.pass(10);
  await job.ask();
  expect(runs).toEqual([10]);
  await timing.pass(60);
  expect(runs).toEqual([10, 70]);
});

describe('asked while a run is under way', () => {
  it('it runs once more after it, however often it was asked', async () => {
    const job = start();
    let open = (): void => undefined;
    gate = new Promise((go) => {
      open = go;
    });
    const first = job.ask();
    await timing.pass(1);
    expect(runs).toHaveLength(1);
    let second = false;
    void Promise.all([job.ask(), job.ask()]).then(() => {
      second = true;
    });
    await timing.pass(1);
    expect(second).toBe(false);
    gate = null;
    open();
    await first;
    await timing.pass(1);
    expect(second).toBe(true);
    expect(runs).toHaveLength(2);
  });
});

it('comes back soon after a failure, later after each further one, up to its interval', async () => {
  outcome = false;
  start();
  await timing.pass(60 + 5 + 10 + 20 + 40 + 60 + 1);
  expect(runs).toEqual([60, 65, 75, 95, 135, 195]);
  outcome = true;
  await timing.pass(60);
  await timing.pass(60);
  expect(runs.slice(6)).toEqual([255, 315]);
});

it('takes a new interval at once', async () => {
  const job = start();
  await timing.pass(10);
  job.everySeconds = 20;
  await timing.pass(15);
  expect(runs).toEqual([20]);
  job.everySeconds = 100;
  await timing.pass(60);
  expect(runs).toEqual([20]);
});

it('lets nobody wait for ever when it is stopped', async () => {
  const job = start();
  stop.abort();
  await job.ask();
  expect(runs).toEqual([]);
});

it('may be run again after it was stopped, and what was asked for then is of that run', async () => {
  const job = start();
  await timing.pass(10);
  stop.abort();
  await looping;
  const asked = job.ask();
  stop = new AbortController();
  looping = job.loop(stop.signal);
  await asked;
  expect(runs).toEqual([10]);
});
