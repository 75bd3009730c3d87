import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Reconciler } from '../../../src/reconcile/reconciler.ts';
import type { PassReport } from '../../../src/reconcile/report.ts';
import { fakeServer } from '../openstack/fake-cloud.ts';
import { FakeTiming } from './fake-timing.ts';
import { Lab, updateFacts } from './lab.ts';

let lab: Lab;
let timing: FakeTiming;
let reports: PassReport[];
let reconciler: Reconciler;

beforeEach(async () => {
  lab = await Lab.open();
  timing = new FakeTiming();
  reports = [];
  reconciler = new Reconciler({
    ...lab.parts,
    timing,
    intervals: { full: 1000, changes: 100, services: 30, touched: 10_000 },
    onPass: (report) => reports.push(report),
  });
});

afterEach(async () => {
  await reconciler.stop();
  await lab.close();
});

/** Waits, in real time, until so many passes were reported. */
async function passes(count: number): Promise<PassReport[]> {
  while (reports.length < count) await new Promise((done) => setTimeout(done, 2));
  return reports;
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((done) => setTimeout(done, 2));
}

const put = (id: string, changes: Record<string, unknown> = {}): void => {
  lab.cloud.servers.set(id, fakeServer(id, changes));
};

const host = (id: string): string | null | undefined => lab.model.instance(id)?.place?.host;

it('begins with a full pass, then polls and reads increments in between', async () => {
  put('a');
  reconciler.start();
  await passes(1);
  expect(reports[0]).toMatchObject({ kind: 'full', complete: true, problems: [] });
  expect(host('a')).toBe('host-1');
  await timing.pass(31);
  await passes(2);
  expect(reports[1]?.kind).toBe('services');
  for (let i = 0; i < 8; i++) {
    await timing.pass(30);
    await passes(3 + i);
  }
  expect(new Set(reports.slice(1).map(({ kind }) => kind))).toEqual(new Set(['services', 'changes']));
});

it('tries a full pass again soon when it was not complete', async () => {
  lab.cloud.http.faults.push({ match: ({ path }) => path.endsWith('/servers/detail'), times: 4, say: { status: 500 } });
  reconciler.start();
  await passes(1);
  expect(reports[0]?.complete).toBe(false);
  await timing.pass(6);
  await passes(2);
  expect(reports[1]).toMatchObject({ kind: 'full', complete: true });
});

it('looks again some seconds later at what nova had although its end was told: it may have been about to go', async () => {
  await lab.told('a', { state: 'deleted', host: null }, 300);
  put('a');
  reconciler.start();
  await passes(1);
  expect(host('a')).toBe('host-1');
  lab.cloud.servers.clear();
  await timing.pass(11);
  await until(() => lab.model.instance('a') === undefined);
});

it('makes a full pass when asked, one that begins after that', async () => {
  reconciler.start();
  await passes(1);
  put('late');
  const report = await reconciler.refreshAll();
  expect(report).toMatchObject({ kind: 'full', complete: true, read: 1 });
  await until(() => host('late') === 'host-1');
});

it('reads a single thing when asked, and says what came of it', async () => {
  reconciler.start();
  await passes(1);
  put('a', { 'OS-EXT-SRV-ATTR:host': 'host-2' });
  await lab.told('a', {}, 300);
  expect(await reconciler.refresh({ kind: 'instance', id: 'a' })).toEqual({
    found: true,
    read: 1,
    corrections: 1,
    gone: 0,
    problems: [],
  });
  expect(reconciler.drift().counts).toEqual([{ register: 'place', cause: 'instance.update', count: 1 }]);
  expect(await reconciler.refresh({ kind: 'instance', id: 'nowhere' })).toMatchObject({ found: false, problems: [] });
  lab.cloud.http.faults.push({ match: ({ path }) => path.endsWith('/servers/a'), say: { status: 500 } });
  const failed = await reconciler.refresh({ kind: 'instance', id: 'a' });
  expect(failed?.found).toBe(false);
  expect(failed?.problems.join()).toMatch(/^Reading instance a: GET \/servers\/a at .* failed: status 500, 4 times/);
});

describe('a doubt', () => {
  beforeEach(async () => {
    reconciler.start();
    await passes(1);
    await lab.told('a', { host: 'host-1' }, 300);
    put('a', { 'OS-EXT-SRV-ATTR:host': 'host-2' });
  });

  it('is cleared by a reading after its delay', async () => {
    reconciler.doubt({ target: { kind: 'instance', id: 'a' }, afterSeconds: 5, onlyWhileOn: null });
    await timing.pass(4);
    expect(host('a')).toBe('host-1');
    await timing.pass(2);
    await until(() => host('a') === 'host-2');
  });

  it('about an instance that has left the host meanwhile is none', async () => {
    reconciler.doubt({ target: { kind: 'instance', id: 'a' }, afterSeconds: 20, onlyWhileOn: 'host-1' });
    await lab.tell(updateFacts('a', { host: 'host-3' }, Date.now() * 1000));
    const before = lab.cloud.http.heard.length;
    await timing.pass(21);
    expect(lab.cloud.http.heard.length).toBe(before);
  });
});

it('tells its state: what ran last, what is held, how far the clock of nova is off', async () => {
  lab.cloud.http.clockOff = 3_600_000;
  for (let i = 0; i < 25; i++) await lab.told(`gone${i}`, {}, 300);
  reconciler.start();
  await passes(1);
  reconciler.setInterval('changes', 10);
  const status = reconciler.status();
  expect(status).toMatchObject({
    running: null,
    intervalsSeconds: { full: 1000, changes: 10, services: 30, touched: 10_000 },
    last: { full: { complete: true }, changes: null, services: null },
    waiting: 0,
    held: { instance: 25 },
  });
  expect(status.clockAheadSeconds).toBeGreaterThan(3590);
  expect(lab.model.instanceCount()).toBe(25);
  expect(await reconciler.confirmAbsences()).toMatchObject({ gone: 25 });
  expect(reconciler.status().held).toEqual({});
});

it('survives a store that fails, and says so', async () => {
  put('a');
  await lab.close();
  reconciler.start();
  await passes(1);
  expect(reports[0]?.complete).toBe(false);
  expect(reports[0]?.problems.length).toBeGreaterThan(0);
  lab = await Lab.open();
});

it('ends what is under way when it is stopped', async () => {
  lab.cloud.http.faults.push({ match: ({ path }) => path.endsWith('/servers/detail'), act: 'hang' });
  reconciler.start();
  await until(() => lab.cloud.http.paths().some((path) => path.endsWith('/servers/detail')));
  const asked = reconciler.refreshAll();
  await reconciler.stop();
  expect(await asked).toBeNull();
  expect(reports).toEqual([]);
});
