import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Term } from '../../../src/audits/leader.ts';
import { VigilError } from '../../../src/errors.ts';
import type { Knowing } from '../../../src/inquiry.ts';
import type { ReconcileQuestions } from '../../../src/reconcile/questions.ts';
import { Reconciler } from '../../../src/reconcile/reconciler.ts';
import type { PassReport } from '../../../src/reconcile/report.ts';
import { SharedPasses } from '../../../src/reconcile/shared-passes.ts';
import { fakeServer } from '../openstack/fake-cloud.ts';
import { FakeTiming } from './fake-timing.ts';
import { Lab } from './lab.ts';

const INTERVALS = { full: 1_000, changes: 100, services: 30, touched: 5 };

/** One of the processes on a store: what it read of the cloud, and of which gaps it knows that a pass covers them. */
class Process {
  readonly reports: PassReport[] = [];
  readonly covered: number[] = [];
  readonly timing = new FakeTiming();
  readonly reconciler: Reconciler;
  readonly passes: SharedPasses;
  #term = new AbortController();
  #leading: Promise<void> = Promise.resolve();

  constructor(leader: Knowing<ReconcileQuestions>) {
    const { reports, covered, timing } = this;
    this.reconciler = new Reconciler({
      ...lab.parts,
      timing,
      intervals: INTERVALS,
      onPass: (report) => reports.push(report),
    });
    this.passes = new SharedPasses({
      reconciler: this.reconciler,
      leader,
      passed: async (after) => void covered.push(after),
      log: lab.parts.log,
    });
  }

  /** Gives it the lease. */
  lead(token: number): void {
    this.#term = new AbortController();
    const { signal } = this.#term;
    const lease = { name: 'passes', holder: 'it', token };
    const term: Term = { lease, signal, stands: () => !signal.aborted, confirm: async () => !signal.aborted };
    this.#leading = this.passes.lead(term);
  }

  /** Lets 500 seconds go by, with all that is due in them: each pass is over before the next. */
  async live(): Promise<void> {
    for (let i = 0; i < 100; i++) {
      await this.timing.pass(5);
      await until(() => this.reconciler.status().running === null);
    }
  }

  /** Takes the lease away. */
  async lose(): Promise<void> {
    this.#term.abort();
    await this.#leading;
  }

  async made(fulls: number): Promise<void> {
    const full = (): number => this.reports.filter(({ kind }) => kind === 'full').length;
    while (full() < fulls) await new Promise((done) => setTimeout(done, 2));
    expect(full()).toBe(fulls);
  }

  async close(): Promise<void> {
    this.passes.stop();
    await this.lose();
    await this.reconciler.stop();
  }
}

let lab: Lab;
let one: Process;
let other: Process;

beforeEach(async () => {
  lab = await Lab.open();
  const leader: Knowing<ReconcileQuestions> = {
    async ask(question, asked) {
      const leads = [one, other].find(({ passes }) => passes.leads);
      if (leads === undefined) throw new VigilError('no-ingest');
      return leads.passes.ask(question, asked);
    },
  };
  one = new Process(leader);
  other = new Process(leader);
});

afterEach(async () => {
  await one.close();
  await other.close();
  await lab.close();
});

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((done) => setTimeout(done, 2));
}

/** Lets one hear what the other tells. */
const hear = (who: Process, from: Process): Promise<void> => who.passes.hear(from.passes.tell());

const put = (id: string): void => void lab.cloud.servers.set(id, fakeServer(id));

it('passes are made by the one that has the lease, and by the next when that one is gone', async () => {
  one.lead(1);
  await one.made(1);
  for (const who of [one, other]) await who.live();
  expect(one.reports.length).toBeGreaterThan(10);
  expect(other.reports).toEqual([]);
  await one.lose();
  const made = one.reports.length;
  other.lead(2);
  await other.made(1);
  for (const who of [one, other]) await who.live();
  expect(one.reports).toHaveLength(made);
  expect(other.reports.length).toBeGreaterThan(10);
});

it('one that gets the lease again begins with a full pass, and goes on with increments from there', async () => {
  one.lead(1);
  await one.made(1);
  await one.lose();
  put('meanwhile');
  one.lead(2);
  await one.made(2);
  expect(lab.model.instance('meanwhile')).toBeDefined();
  await one.timing.pass(101);
  await until(() => one.reports.some(({ kind }) => kind === 'changes'));
});

describe('a pass under way when the lease is lost', () => {
  const hang = (path: string): Promise<void> => {
    lab.cloud.http.faults.push({ match: (request) => request.path.includes(path), act: 'hang' });
    return until(() => lab.cloud.http.paths().some((asked) => asked.includes(path)));
  };

  it('ends untold; who waits for it has the first of the next one', async () => {
    const hanging = hang('/servers/detail');
    one.lead(1);
    await hanging;
    const asked = one.passes.refreshAll();
    one.passes.missed();
    await one.lose();
    expect(one.reports).toEqual([]);
    lab.cloud.http.faults.length = 0;
    other.lead(2);
    await other.made(1);
    await hear(one, other);
    await other.made(2);
    await hear(one, other);
    expect(await asked).toMatchObject({ complete: true });
    expect(one.covered).toHaveLength(1);
    expect(one.reports).toEqual([]);
  });

  it('still looks again at what it took back from the dead', async () => {
    await lab.told('a', { state: 'deleted', host: null }, 300);
    put('a');
    const hanging = hang('/os-migrations');
    one.lead(1);
    await hanging;
    await until(() => lab.model.instance('a') !== undefined);
    await one.lose();
    lab.cloud.servers.clear();
    await one.timing.pass(11);
    await until(() => lab.model.instance('a') === undefined);
  });
});

it('single things are read by each itself', async () => {
  one.lead(1);
  await one.made(1);
  put('a');
  expect(await other.passes.ask('refresh', { scope: { kind: 'instance', id: 'a' }, wait: true })).toMatchObject({
    found: true,
  });
  expect([one.reports.length, other.reports.length]).toEqual([1, 0]);
});

describe('a gap', () => {
  it('of one that makes no passes leads to one that begins after it, and is covered when that is complete', async () => {
    one.lead(1);
    await one.made(1);
    const before = Date.now();
    other.passes.missed();
    await hear(other, one);
    // What is told by now is of the pass before.
    expect(other.covered).toEqual([]);
    await one.made(2);
    await hear(other, one);
    expect(other.covered).toHaveLength(1);
    expect(other.covered[0]).toBeGreaterThanOrEqual(before);
    expect(other.reports).toEqual([]);
  });

  it('is not covered by a pass that was not complete, but by the next that is', async () => {
    one.lead(1);
    await one.made(1);
    const broken = { match: ({ path }: { path: string }) => path.endsWith('/servers/detail'), times: 4 };
    lab.cloud.http.faults.push({ ...broken, say: { status: 500 } });
    other.passes.missed();
    const asked = other.passes.refreshAll();
    await hear(other, one);
    await one.made(2);
    await hear(other, one);
    expect(await asked).toMatchObject({ complete: false });
    expect(other.covered).toEqual([]);
    await one.timing.pass(6);
    await one.made(3);
    await hear(other, one);
    expect(other.covered).toHaveLength(1);
  });

  it.each([
    ['the one that was asked', 'before'],
    ['nobody, as there was none', 'after'],
  ] as const)('is covered by the first pass of the next that makes them, when %s is gone', async (_, lost) => {
    one.lead(1);
    await one.made(1);
    const told = one.passes.tell();
    if (lost === 'after') await one.lose();
    other.passes.missed();
    await other.passes.hear(told);
    if (lost === 'before') await one.lose();
    const third = new Process({ ask: async () => expect.unreachable() });
    third.lead(2);
    await third.made(1);
    await other.passes.hear(third.passes.tell());
    // Nobody took up what was asked: it is asked of the new one.
    if (lost === 'after') {
      expect(other.covered).toEqual([]);
      other.lead(3);
      await other.made(1);
      await hear(other, other);
    }
    expect(other.covered).toHaveLength(1);
    await third.close();
  });

  it('before a process makes the passes itself costs none besides its first', async () => {
    one.passes.missed();
    await one.passes.hear(null);
    one.lead(1);
    await one.made(1);
    await hear(one, one);
    expect(one.covered).toHaveLength(1);
    await one.timing.pass(1);
    await one.made(1);
  });

  it('that happens again and again before it can be asked leads to one pass', async () => {
    one.lead(1);
    await one.made(1);
    for (let i = 0; i < 1_000; i++) other.passes.missed();
    await hear(other, one);
    await one.made(2);
    await hear(other, one);
    expect(other.covered).toHaveLength(1);
  });
});

describe('what the one that makes the passes holds as missing', () => {
  const HELD = { instance: 25 };
  const missing = Array.from({ length: 25 }, (_, i) => `s${i}`);

  beforeEach(async () => {
    for (const id of missing) await lab.told(id, {}, 300);
    one.lead(1);
    await one.made(1);
    await hear(other, one);
  });

  it('is held by all', () => {
    expect(one.passes.status().held).toEqual(HELD);
    expect(other.passes.status().held).toEqual(HELD);
  });

  it('is held by the next one until a full pass of its own was complete', async () => {
    await one.lose();
    for (const id of missing) put(id);
    const broken = { match: ({ path }: { path: string }) => path.endsWith('/servers/detail'), times: 4 };
    lab.cloud.http.faults.push({ ...broken, say: { status: 500 } });
    other.lead(2);
    expect(other.passes.tell()?.held).toEqual(HELD);
    await other.made(1);
    expect(other.passes.tell()?.held).toEqual(HELD);
    expect(one.passes.status().held).toEqual(HELD);
    await other.timing.pass(6);
    await other.made(2);
    await hear(one, other);
    for (const { passes } of [one, other]) expect(passes.status().held).toEqual({});
  });

  it('is asked for by the one that makes them, whoever is told that it is gone', async () => {
    expect(await other.passes.ask('confirm', { wait: true })).toMatchObject({ gone: 25 });
    await hear(other, one);
    expect(other.passes.status().held).toEqual({});
  });
});

it('intervals are those of the one that makes the passes, with the next one too', async () => {
  one.lead(1);
  await one.made(1);
  const set = await other.passes.ask('intervals', { changes: 20 });
  expect(set).toMatchObject({ full: 1_000, changes: 20 });
  await hear(other, one);
  await one.lose();
  other.lead(2);
  await other.made(1);
  expect(other.passes.tell()?.intervals).toMatchObject({ full: 1_000, changes: 20 });
});

it('what a paused one says late is not believed', async () => {
  one.lead(1);
  await one.made(1);
  const late = one.passes.tell();
  await one.lose();
  other.lead(2);
  await other.made(1);
  const third = new Process({ ask: async () => expect.unreachable() });
  await hear(third, other);
  await third.passes.hear({ ...(late ?? expect.unreachable()), held: { instance: 99 } });
  expect(third.passes.status().held).toEqual({});
  await third.close();
});

it('nothing is waited for once all is stopped', async () => {
  const asked = one.passes.refreshAll();
  one.passes.stop();
  expect(await asked).toBe(null);
  expect(await one.passes.refreshAll()).toBe(null);
});
