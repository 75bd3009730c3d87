import { beforeEach, describe, expect, it } from 'vitest';
import type { Target } from '../../../src/reconcile/collector.ts';
import { TargetQueue } from '../../../src/reconcile/target-queue.ts';
import { FakeTiming } from './fake-timing.ts';

let timing: FakeTiming;
let stop: AbortController;
let read: string[];
let gate: Promise<void> | null;
let queue: TargetQueue<string>;

beforeEach(() => {
  timing = new FakeTiming();
  stop = new AbortController();
  read = [];
  gate = null;
  const work = async ({ id }: Target): Promise<string> => {
    read.push(id);
    await gate;
    return `read ${id}`;
  };
  queue = new TargetQueue(timing, work, { atOnce: 2, most: 3 }, stop.signal);
});

const instance = (id: string): Target => ({ kind: 'instance', id });

it('reads at once what is asked for without delay', async () => {
  expect(await queue.ask(instance('a'), 0)).toBe('read a');
});

it('reads once what is asked for many times', async () => {
  const asked = [queue.ask(instance('a'), 5), queue.ask(instance('a'), 5)];
  await timing.pass(6);
  expect(await Promise.all(asked)).toEqual(['read a', 'read a']);
  expect(read).toEqual(['a']);
});

it('waits for what is under way to settle, but not for ever', async () => {
  void queue.ask(instance('a'), 5);
  for (let second = 0; second < 33; second += 3) {
    await timing.pass(3);
    void queue.ask(instance('a'), 5);
  }
  expect(read).toEqual([]);
  await timing.pass(3);
  expect(read).toEqual(['a']);
});

it('does not read what is not needed any more', async () => {
  const asked = queue.ask(instance('a'), 60, () => false);
  await timing.pass(61);
  expect(await asked).toBeNull();
  expect(read).toEqual([]);
});

it('reads what is needed for one of several reasons', async () => {
  void queue.ask(instance('a'), 60, () => false);
  void queue.ask(instance('a'), 60, () => true);
  await timing.pass(61);
  expect(read).toEqual(['a']);
});

it('has only so many readings under way, and reads again what is asked for meanwhile', async () => {
  let open = (): void => undefined;
  gate = new Promise((go) => {
    open = go;
  });
  const asked = ['a', 'b', 'c'].map((id) => queue.ask(instance(id), 0));
  await timing.pass(0);
  expect(read).toEqual(['a', 'b']);
  asked.push(queue.ask(instance('a'), 0), queue.ask(instance('c'), 0));
  open();
  await Promise.all(asked);
  expect(read).toEqual(['a', 'b', 'c', 'a']);
});

describe('when it is full', () => {
  it('it refuses what is new, and takes what it has already', () => {
    for (const id of ['a', 'b', 'c']) void queue.ask(instance(id), 5);
    expect(queue.waiting).toBe(3);
    expect(queue.ask(instance('d'), 5)).toBeNull();
    expect(queue.ask(instance('a'), 5)).not.toBeNull();
  });
});

it('has ended once nothing is being read any more', async () => {
  let open = (): void => undefined;
  gate = new Promise((resolve) => {
    open = resolve;
  });
  const told: string[] = [];
  const asked = queue.ask(instance('a'), 0)?.then(() => told.push('read'));
  while (read.length === 0) await Promise.resolve();
  stop.abort();
  const ended = queue.ended().then(() => told.push('ended'));
  await new Promise(setImmediate);
  expect(told).toEqual([]);
  open();
  await Promise.all([asked, ended]);
  expect(told).toEqual(['read', 'ended']);
});

it('lets nobody wait for ever when it is stopped', async () => {
  const asked = queue.ask(instance('a'), 5);
  stop.abort();
  await timing.pass(6);
  expect(await asked).toBeNull();
  expect(read).toEqual([]);
});
