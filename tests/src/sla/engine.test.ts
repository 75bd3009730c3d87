import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { EMPTY, Subject, type Subscription } from 'rxjs';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { metricTable } from '../../../model/metrics/catalogue.ts';
import type { Sample } from '../../../model/metrics/sample.ts';
import type { ModelStore } from '../../../model/store.ts';
import { openEmbeddedStore } from '../../../model/stores/embedded/embedded-store.ts';
import type { AuditRequest } from '../../../src/audits/audit-request.ts';
import { type Desk, deskOn } from '../../../src/audits/desk.ts';
import { type Actor, ENGINE } from '../../../src/audits/record.ts';
import { SlaEngine } from '../../../src/sla/engine.ts';
import { type IncidentRecord, SLA_INCIDENT } from '../../../src/sla/incident-record.ts';
import { LedgerCopy } from '../../../src/sla/records.ts';
import { AuditRequests } from '../../../src/sla/requests.ts';
import { readRuleBody } from '../../../src/sla/rule-body.ts';
import { RuleBook } from '../../../src/sla/rule-book.ts';
import { type Silence, SLA_SILENCE } from '../../../src/sla/silence.ts';
import { SLA_KINDS } from '../../../src/sla/sla-records.ts';
import { why } from '../../../src/sla/why.ts';
import { UNLIMITED } from '../../../streams/sla/windows/sample-store.ts';
import { cloudOf, type Told } from '../../strategies/cloud.ts';
import { AUDIT } from '../events/records.ts';

let folder: string;
let store: ModelStore;
const running: Subscription[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vigil-sla-'));
  store = await openEmbeddedStore({ path: folder });
});
afterEach(async () => {
  for (const one of running.splice(0)) one.unsubscribe();
  await store.close();
  await rm(folder, { recursive: true });
});

const METRICS = metricTable([]);
const RULE = {
  ...{ name: 'steal', metric: 'cpu_steal', of: 'instance', window: '60s', above: 10, cooldown: '10m' },
  audit: { goal: 'noisy_neighbor' },
};
const T = 1_790_000_000;

interface Bench {
  readonly engine: SlaEngine;
  readonly records: LedgerCopy;
  readonly book: RuleBook;
  readonly desk: Desk;
  /** Lets everything with that value be measured of these instances at a time, and evaluates then. */
  step(time: number, value: number | null, instances?: readonly string[]): Promise<void>;
  measure(samples: readonly Sample[]): void;
  requests(): AuditRequest[];
  incidents(): IncidentRecord[];
  why(resource: string): string[];
}

/** As after the end of the process, whichever way it came. */
async function restart(now: number, told: Told = {}): Promise<Bench> {
  for (const one of running.splice(0)) one.unsubscribe();
  await store.close();
  store = await openEmbeddedStore({ path: folder });
  return start(told, 60, now);
}

async function start(told: Told = {}, perHour = 60, now = T): Promise<Bench> {
  const model = cloudOf({ instances: { a: {}, b: {}, c: {} }, ...told });
  const { ledger } = store;
  const records = new LedgerCopy(ledger, SLA_KINDS);
  const desk = deskOn(ledger, Date.now);
  await Promise.all([records.open(), desk.book.open()]);
  const book = new RuleBook([], records, METRICS);
  const requests = new AuditRequests(records, desk.book, perHour);
  const parts = { model, ledger, records, book, requests, log: pino({ level: 'silent' }), now: () => now };
  const engine = new SlaEngine({ ...parts, step: 15, retention: 0, room: UNLIMITED, objectiveScopes: 4 });
  const samples$ = new Subject<readonly Sample[]>();
  await engine.open();
  running.push(engine.start(samples$, EMPTY, EMPTY));
  return {
    ...{ engine, records, book, desk },
    step: async (time, value, instances = ['a']) => {
      if (value !== null) {
        samples$.next(instances.map((resource) => ({ metric: 'cpu_steal', resource, value, time: time - 1 })));
      }
      await engine.step(time);
      await vi.waitFor(async () => {
        const there = await ledger.list('audit_request', null, 100);
        expect([...desk.book.requests.keys()].sort()).toEqual(there.map(({ id }) => id));
      });
    },
    measure: (samples) => samples$.next(samples),
    requests: () => [...desk.book.requests.values()],
    incidents: () => [...records.values<IncidentRecord>(SLA_INCIDENT)].map(([, record]) => record),
    why: (resource) => why(book.get('steal').rule, resource, engine, records, model).map(({ text }) => text),
  };
}

async function answered({ desk }: Bench): Promise<void> {
  await desk.book.change((changes) => {
    for (const id of desk.book.requests.keys()) changes.take(id);
  });
}

test('breaches of one step are one request, which says what is breached', async () => {
  const bench = await start();
  await bench.book.put(readRuleBody(RULE, METRICS), false);
  await bench.step(T, 12.5, ['a', 'b', 'c']);
  expect(bench.requests()).toEqual([
    {
      trigger: { rule: 'steal', metric: 'cpu_steal', resources: ['a', 'b', 'c'], window: 60, severity: 'warning' },
      ...{ goal: 'noisy_neighbor', strategy: null, parameters: {}, scope: [], automation: 'manual', at: T * 1_000 },
      reason: 'cpu_steal of instance a is 12.5, above 10 (mean over 60 s); and 2 others',
    },
  ]);
  expect(bench.incidents().map(({ resource, audit }) => [resource, audit !== null])).toEqual([
    ['a', true],
    ['b', true],
    ['c', true],
  ]);
});

test('what is breached later waits until the audit is done and the cooldown is over, and is then asked for together', async () => {
  const bench = await start();
  await bench.book.put(readRuleBody(RULE, METRICS), false);
  await bench.step(T, 50, ['a']);
  await bench.step(T + 15, 50, ['a', 'b']);
  expect(bench.requests()).toHaveLength(1);
  expect(bench.why('b').at(-1)).toMatch(/^no audit is asked for now: the audit request .* waits for the engine$/);
  await answered(bench);
  await bench.step(T + 30, 50, ['a', 'b', 'c']);
  expect(bench.requests()).toHaveLength(0);
  expect(bench.why('b').at(-1)).toContain('570 s are left of the cooldown');
  for (let t = T + 60; t < T + 600; t += 30) await bench.step(t, 50, ['a', 'b', 'c']);
  expect(bench.requests()).toHaveLength(0);
  await bench.step(T + 600, 50, ['a', 'b', 'c']);
  expect(bench.requests().map(({ trigger }) => trigger.resources)).toEqual([['b', 'c']]);
});

/** The audit that was asked for is made, and ends so. */
async function ended({ desk }: Bench, state: 'FAILED' | 'CANCELLED', by: Actor): Promise<void> {
  await desk.book.change((changes) => {
    for (const id of desk.book.requests.keys()) {
      const request = changes.take(id);
      const step = { from: 'PENDING', to: state, at: T * 1_000, reason: 'it went so', by } as const;
      changes.put('audit', { ...AUDIT, uuid: id, trigger: request?.trigger ?? null, state, history: [step] });
    }
  });
}

const OPERATOR: Actor = { kind: 'user', name: 'ann' };

test.each([
  ['failed', 'FAILED', ENGINE],
  ['was never run, as the model could not be trusted,', 'CANCELLED', ENGINE],
] as const)(
  'an audit that %s is asked for again after the cooldown, while the breach lasts, three times in all',
  async (_, state, by) => {
    const bench = await start();
    await bench.book.put(readRuleBody(RULE, METRICS), false);
    await bench.step(T, 50);
    for (let asked = 1; asked <= 3; asked++) {
      const at = T + (asked - 1) * 600;
      expect(bench.requests()).toHaveLength(1);
      await ended(bench, state, by);
      for (let t = at + 30; t < at + 600; t += 30) await bench.step(t, 50);
      expect([bench.requests(), bench.incidents()]).toMatchObject([[], [{ timesAsked: asked }]]);
      if (asked < 3)
        expect(bench.why('a').at(-1)).toMatch(
          /it went so; no other audit is asked for now: the last audit .* 30 s are left/,
        );
      await bench.step(at + 600, 50);
    }
    expect(bench.requests()).toEqual([]);
    expect(bench.why('a').at(-1)).toMatch(
      new RegExp(`${state}: it went so; that was the last of 3 that are asked for one incident$`),
    );
    await bench.step(T + 1_860, 1);
    await bench.step(T + 2_460, 50);
    expect(bench.requests()).toHaveLength(1);
  },
);

test('an audit that an operator cancelled is not asked for again', async () => {
  const bench = await start();
  await bench.book.put(readRuleBody(RULE, METRICS), false);
  await bench.step(T, 50);
  await ended(bench, 'CANCELLED', OPERATOR);
  for (let t = T + 30; t <= T + 660; t += 30) await bench.step(t, 50);
  expect([bench.requests(), bench.incidents()]).toMatchObject([[], [{ timesAsked: 1 }]]);
});

test('an incident that waits for its audit is not asked for before it is breached again', async () => {
  const first = await start({}, 1);
  const held = { ...RULE, hold: '1m' };
  await first.book.put(readRuleBody({ ...RULE, name: 'other' }, METRICS), false);
  await first.step(T, 50, ['b']);
  await first.book.put(readRuleBody(held, METRICS), false);
  for (let t = T + 15; t <= T + 90; t += 15) await first.step(t, 50, ['a']);
  expect(first.incidents().filter(({ rule }) => rule === 'steal')).toMatchObject([{ audit: null }]);
  const second = await restart(T + 3_600);
  const asked = () => second.requests().filter(({ trigger }) => trigger.rule === 'steal');
  for (let t = T + 3_615; t < T + 3_675; t += 15) await second.step(t, 50, ['a']);
  expect(asked()).toEqual([]);
  await second.step(T + 3_675, 50, ['a']);
  expect(asked()).toHaveLength(1);
  expect(second.incidents().filter(({ rule }) => rule === 'steal')).toHaveLength(1);
});

test('an engine that only stands by says so when it sees breaches that the other does not', async () => {
  const one = await start();
  await one.book.put(readRuleBody(RULE, METRICS), false);
  const two = await start();
  await one.step(T, 50, ['a']);
  await vi.waitFor(() => expect(two.incidents()).toHaveLength(1));
  for (let t = T; t <= T + 60; t += 15) {
    await one.step(t, 50, ['a']);
    await two.step(t, 50, ['a', 'b']);
  }
  expect([one.engine.unshared.count, two.engine.unshared.count]).toEqual([0, 1]);
  expect(two.incidents()).toHaveLength(1);
});

test('a restart fires nothing again, and an incident goes on until the metric comes back', async () => {
  const first = await start();
  await first.book.put(readRuleBody(RULE, METRICS), false);
  await first.step(T, 50);
  await answered(first);
  const second = await restart(T + 3_600);
  for (const t of [T + 3_600, T + 3_615, T + 3_630]) await second.step(t, 50);
  expect(second.requests()).toEqual([]);
  expect(second.incidents()).toHaveLength(1);
  await second.step(T + 3_690, 1);
  expect(second.incidents()).toMatchObject([{ openedAt: T, endedAt: T + 3_690, endReason: 'recovered' }]);
});

test('a breach that went unknown and comes back within the cooldown is the same incident, later it is another', async () => {
  const bench = await start();
  await bench.book.put(readRuleBody({ ...RULE, cooldown: '5m' }, METRICS), false);
  await bench.step(T, 50);
  await bench.step(T + 90, null);
  await bench.step(T + 120, 50);
  expect(bench.incidents()).toMatchObject([{ openedAt: T, endedAt: null }]);
  await bench.step(T + 200, null);
  await bench.step(T + 515, null);
  expect(bench.incidents()).toMatchObject([{ openedAt: T, endedAt: T + 515, endReason: 'lost' }]);
  await bench.step(T + 530, 50);
  expect(bench.incidents()).toMatchObject([{ openedAt: T }, { openedAt: T + 530, endedAt: null }]);
});

test('of two engines one fires; when it is gone the other goes on and fires nothing twice', async () => {
  const one = await start();
  await one.book.put(readRuleBody(RULE, METRICS), false);
  const two = await start();
  await Promise.all([one.step(T, 50), two.step(T, 50)]);
  expect(one.requests()).toHaveLength(1);
  expect(one.incidents()).toHaveLength(1);
  await answered(one);
  const lease = await store.ledger.lease('sla', 'nobody', 1_000);
  expect(lease).toBeNull();
  vi.spyOn(performance, 'now').mockReturnValue(performance.now() + 60_000);
  await two.step(T + 900, 50);
  vi.restoreAllMocks();
  expect(two.requests()).toEqual([]);
  expect(two.incidents()).toHaveLength(1);
  await two.step(T + 915, 1);
  expect(two.incidents()).toMatchObject([{ endedAt: null }]);
  await two.step(T + 975, 1);
  expect(two.incidents()).toMatchObject([{ endReason: 'recovered' }]);
});

const SILENCE: Silence = {
  ...{ id: 's', rules: ['steal'], where: { host: ['here'] }, from: T, until: T + 100, every: null },
  ...{ comment: 'patching', createdBy: 'ann', createdAt: T },
};

test('a silenced breach is no incident, and becomes one when the silence is over', async () => {
  const bench = await start();
  await bench.book.put(readRuleBody(RULE, METRICS), false);
  await bench.records.change(() => [{ kind: SLA_SILENCE, id: 's', value: SILENCE as never }]);
  await bench.step(T + 15, 50);
  expect(bench.incidents()).toEqual([]);
  expect(bench.why('a')).toContainEqual('silenced until 2026-09-21T14:15:00.000Z by ann: patching');
  await bench.step(T + 60, 50);
  await bench.step(T + 105, 50);
  expect(bench.incidents()).toHaveLength(1);
  expect(bench.requests()).toHaveLength(1);
});

test.each([
  ['Maintenance of rack 7', 'for maintenance'],
  ['watcher_disabled', 'by the optimizer itself'],
  ['vigil: saving energy', 'by the optimizer itself'],
])('nothing on a host that is disabled with the reason %s is a breach', async (reason, said) => {
  const service = { disabled: true, disabled_reason: reason, forced_down: false };
  const bench = await start({ hosts: { here: { service } } });
  await bench.book.put(readRuleBody(RULE, METRICS), false);
  await bench.step(T, 50);
  expect(bench.incidents()).toEqual([]);
  expect(bench.why('a').at(-2)).toContain(said);
});

test('a host disabled by somebody for a reason of theirs is no excuse', async () => {
  const service = { disabled: true, disabled_reason: 'vigilance', forced_down: false };
  const bench = await start({ hosts: { here: { service } } });
  await bench.book.put(readRuleBody(RULE, METRICS), false);
  await bench.step(T, 50);
  expect(bench.incidents()).toHaveLength(1);
});

test('all rules together ask for so many audits in an hour, the others wait', async () => {
  const bench = await start({}, 2);
  for (const name of ['r1', 'r2', 'r3']) await bench.book.put(readRuleBody({ ...RULE, name }, METRICS), false);
  for (let t = T; t < T + 3_600; t += 60) await bench.step(t, 50);
  expect(bench.requests().map(({ trigger }) => trigger.rule)).toEqual(['r1', 'r2']);
  await bench.step(T + 3_600, 50);
  expect(
    bench
      .requests()
      .map(({ trigger }) => trigger.rule)
      .sort(),
  ).toEqual(['r1', 'r2', 'r3']);
});

test('an incident is over when the rule is no longer about its resource', async () => {
  const bench = await start({ instances: { a: {}, b: {} }, aggregates: { gold: { hosts: ['here'], metadata: {} } } });
  await bench.book.put(readRuleBody({ ...RULE, where: { aggregate: 'gold' } }, METRICS), false);
  await bench.step(T, 50);
  expect(bench.incidents()).toHaveLength(1);
  await bench.book.put(readRuleBody({ ...RULE, where: { host: 'there' } }, METRICS), true);
  await bench.step(T + 15, 50);
  expect(bench.incidents()).toMatchObject([{ endedAt: T + 15, endReason: 'out-of-scope' }]);
});

test('a breach goes on as the same incident when its rule is replaced and is passed all the same', async () => {
  const bench = await start();
  await bench.book.put(readRuleBody(RULE, METRICS), false);
  await bench.step(T, 50);
  await bench.book.put(readRuleBody({ ...RULE, above: 20 }, METRICS), true);
  await bench.step(T + 15, 50);
  expect(bench.incidents()).toMatchObject([{ openedAt: T, endedAt: null }]);
  await bench.book.put(readRuleBody({ ...RULE, above: 60 }, METRICS), true);
  await bench.step(T + 30, 50);
  expect(bench.incidents()).toMatchObject([{ endedAt: T + 30, endReason: 'recovered' }]);
});

test('a rule that is removed ends its incidents', async () => {
  const bench = await start();
  await bench.book.put(readRuleBody(RULE, METRICS), false);
  await bench.step(T, 50);
  await bench.book.remove('steal');
  await bench.step(T + 15, 50);
  expect(bench.incidents()).toMatchObject([{ endedAt: T + 15, endReason: 'rule-removed' }]);
});

test('an objective is counted, and goes on after a restart', async () => {
  const bench = await start();
  const text = { ...RULE, window: '10s', audit: undefined, objective: { target: 90, period: '24h' } };
  await bench.book.put(readRuleBody(JSON.parse(JSON.stringify(text)), METRICS), false);
  for (let i = 0; i < 20; i++) await bench.step(T + 15 * i, i < 19 ? 1 : 50);
  await bench.step(T + 400, null);
  const again = await restart(T + 400);
  expect(again.engine.objectives.standing('steal', T + 400)).toEqual({
    reached: expect.closeTo(0.95),
    budgetLeft: expect.closeTo(0.5),
    burnRates: { '1h': expect.closeTo(0.5), '6h': expect.closeTo(0.5), '3d': expect.closeTo(0.5) },
  });
});

test('an objective is counted apart for each scope as far as there is room, and goes on after a restart', async () => {
  const told: Told = {
    instances: { a: {}, b: { place: { host: 'there', node: null } } },
    aggregates: { gold: { hosts: ['here'], metadata: {} } },
  };
  const bench = await start(told);
  const objective = { target: 90, period: '24h', per: ['aggregate', 'host', 'resource'] };
  const text = { ...RULE, window: '10s', audit: undefined, objective };
  await bench.book.put(readRuleBody(JSON.parse(JSON.stringify(text)), METRICS), false);
  for (let i = 0; i < 20; i++) await bench.step(T + 15 * i, i < 18 ? 1 : 50, i < 10 ? ['a'] : ['a', 'b']);
  await bench.step(T + 400, null);
  const reached = ({ engine }: Bench) =>
    Object.fromEntries(
      [...engine.objectives.scopes('steal', T + 400)].map((it) => [`${it.per} ${it.scope}`, it.reached?.toFixed(2)]),
    );
  // There is room for four: that of instance b is one too many.
  const expected = { 'aggregate gold': '0.90', 'host here': '0.90', 'resource a': '0.90', 'host there': '0.80' };
  expect(reached(bench)).toEqual(expected);
  expect(bench.engine.objectives.room.refused).toBeGreaterThan(0);
  expect(reached(await restart(T + 400, told))).toEqual(expected);
});

test('what was counted by scope goes with its rule', async () => {
  const bench = await start();
  const text = { ...RULE, objective: { target: 90, per: ['resource'] } };
  await bench.book.put(readRuleBody(text, METRICS), false);
  await bench.step(T, 1);
  const hours = () => store.ledger.list('sla_scope_hour', null, 10);
  expect(await hours()).toHaveLength(1);
  await bench.book.remove('steal');
  expect(bench.engine.objectives.room.count).toBe(0);
  await bench.step(T + 60, 1);
  expect(await hours()).toEqual([]);
});

test('samples and rules that come in the midst of a step wait for its end', async () => {
  const bench = await start();
  await bench.book.put(readRuleBody(RULE, METRICS), false);
  await bench.book.put(readRuleBody({ ...RULE, name: 'other', metric: 'cpu_util' }, METRICS), false);
  await bench.step(T, 1);
  const step = bench.engine.step(T + 15);
  bench.measure([{ metric: 'cpu_steal', resource: 'b', value: 50, time: T + 10 }]);
  expect(bench.engine.samples.seriesCount).toBe(1);
  await step;
  expect(bench.engine.samples.seriesCount).toBe(2);
});
