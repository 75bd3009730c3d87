import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { EMPTY, Subject } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Ledger } from '../../../model/ledger.ts';
import { metricTable } from '../../../model/metrics/catalogue.ts';
import type { Sample } from '../../../model/metrics/sample.ts';
import { openEmbeddedStore } from '../../../model/stores/embedded/embedded-store.ts';
import { deskOn } from '../../../src/audits/desk.ts';
import { SlaEngine } from '../../../src/sla/engine.ts';
import { type IncidentRecord, SLA_INCIDENT } from '../../../src/sla/incident-record.ts';
import { readRule } from '../../../src/sla/read-rule.ts';
import { LedgerCopy } from '../../../src/sla/records.ts';
import { AuditRequests } from '../../../src/sla/requests.ts';
import { readRuleBody } from '../../../src/sla/rule-body.ts';
import { RuleBook } from '../../../src/sla/rule-book.ts';
import { SLA_KINDS } from '../../../src/sla/sla-records.ts';
import { UNLIMITED } from '../../../streams/sla/windows/sample-store.ts';
import { cloudOf } from '../../strategies/cloud.ts';

const METRICS = metricTable([]);
const LOG = pino({ level: 'silent' });
const T = 1_790_000_000;
const STEP = 15;
const TEXT = readRuleBody(
  {
    ...{ name: 'steal', metric: 'cpu_steal', of: 'instance', window: '30s', above: 10, hold: '30s', cooldown: '2m' },
    ...{ audit: { goal: 'dummy' }, objective: { target: 99 } },
  },
  METRICS,
);

class Died extends Error {}

/** A ledger whose process dies at one of its writes: before it is done, or after, before it hears so. */
function dyingAt(ledger: Ledger, write: number, when: 'before' | 'after'): { ledger: Ledger; writes: () => number } {
  let count = 0;
  const dying: Ledger = {
    get: (kind, id) => ledger.get(kind, id),
    list: (kind, after, limit) => ledger.list(kind, after, limit),
    follow: () => ledger.follow(),
    lease: (name, holder, millis) => ledger.lease(name, holder, millis),
    release: (lease) => ledger.release(lease),
    write: async (writes, lease) => {
      count += 1;
      if (count > write || (count === write && when === 'before')) throw new Died();
      const written = await ledger.write(writes, lease);
      if (count === write) throw new Died();
      return written;
    },
  };
  return { ledger: dying, writes: () => count };
}

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vigil-sla-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

interface Life {
  readonly died: boolean;
  readonly asked: readonly string[];
  readonly incidents: readonly IncidentRecord[];
}

/** What a process that begins at a time does, with something breached at all its steps. Requests are answered at once. */
async function live(from: number, steps: number, write: number, when: 'before' | 'after'): Promise<Life> {
  const store = await openEmbeddedStore({ path: folder });
  const { ledger, writes } = dyingAt(store.ledger, write, when);
  const records = new LedgerCopy(ledger, SLA_KINDS);
  const desk = deskOn(store.ledger, Date.now);
  await Promise.all([records.open(), desk.book.open()]);
  const fixed = { rule: readRule(TEXT, METRICS), text: TEXT, origin: 'rules.yaml', changeable: false };
  const book = new RuleBook([fixed], records, METRICS);
  const requests = new AuditRequests(records, desk.book, 60);
  const model = cloudOf({ instances: { a: {} } });
  const held = { model, ledger, records, book, requests, log: LOG, now: () => from };
  const engine = new SlaEngine({ ...held, step: STEP, retention: 0, room: UNLIMITED, objectiveScopes: 0 });
  const samples$ = new Subject<readonly Sample[]>();
  await engine.open();
  const running = engine.start(samples$, EMPTY, EMPTY);
  const asked: string[] = [];
  for (let i = 0; i < steps && writes() < write; i++) {
    const time = from + i * STEP;
    samples$.next([{ metric: 'cpu_steal', resource: 'a', value: 50, time: time - 1 }]);
    await engine.step(time).catch((error: unknown) => {
      if (!(error instanceof Died)) throw error;
    });
    asked.push(...(await answer(store.ledger)));
  }
  running.unsubscribe();
  const incidents = (await store.ledger.list(SLA_INCIDENT, null, 10)).map(
    ({ value }) => value as unknown as IncidentRecord,
  );
  await store.close();
  return { died: writes() >= write, asked, incidents };
}

/** Takes what is asked for, as the process that runs audits does. */
async function answer(ledger: Ledger): Promise<string[]> {
  const requests = await ledger.list('audit_request', null, 10);
  for (const { kind, id, version } of requests) await ledger.write([{ kind, id, seen: version, value: null }]);
  return requests.map(({ id }) => id);
}

describe.each(['before', 'after'] as const)('an engine that dies right %s one of its writes', (when) => {
  it('has asked for one audit in the end, whichever write it was', async () => {
    let write = 0;
    for (let died = true; died; ) {
      write += 1;
      const first = await live(T, 8, write, when);
      const second = await live(T + 600, 20, Number.POSITIVE_INFINITY, when);
      died = first.died;
      expect([write, [...first.asked, ...second.asked].length]).toEqual([write, 1]);
      expect(second.incidents).toMatchObject([{ resource: 'a', endedAt: null, timesAsked: 1 }]);
      await rm(folder, { recursive: true });
    }
    expect(write).toBeGreaterThan(3);
  });
});
