import { tmpdir } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import type { SimulatedQueue } from '../../sim/source.ts';
import { accessOf } from '../../src/access.ts';
import { buildApi } from '../../src/api/build-api.ts';
import type { ActionPlan } from '../../src/audits/action-plan.ts';
import type { Audit } from '../../src/audits/audit.ts';
import { type Desk, deskOn } from '../../src/audits/desk.ts';
import type { Actor } from '../../src/audits/record.ts';
import { loadConfig } from '../../src/config/load.ts';
import { Ending } from '../../src/ending.ts';
import type { Foundation } from '../../src/foundation.ts';
import { apiV1 } from '../../src/parts/api-v1.ts';
import type { Service } from '../../src/service.ts';
import { hostFacts, instanceUuid } from '../cloud-model.ts';
import { readMessages } from '../messages.ts';
import { openIngest } from './ingest-embedded.ts';
import { ROUND_MS } from './read-bare.ts';
import { collectGarbage, type Side } from './side.ts';

export interface ReadSettings {
  readonly population: string;
  readonly port: number;
  /** How many audits and how many plans there are. */
  readonly records: number;
}

/** Messages a second that are taken in meanwhile: twenty operations on instances begin in each. */
const INGEST_RATE = 200;
const PORTION_MS = 20;
const MILLIS_PER_SECOND = 1_000;

/** Vigil on its embedded default with its API. For the time of a round it takes messages in, and is asked; the value is how many it took. */
export async function readVigilSide({ population, port, records }: ReadSettings): Promise<Side> {
  const { side, service, queue } = await openIngest(population);
  const { model, store } = service;
  for (const { name } of [...model.hosts()]) await store.commit(hostFacts(name, [...model.instancesOn(name)].length));
  const desk = deskOn(store.ledger, Date.now);
  await desk.book.open();
  await desk.book.change((changes) => {
    for (let n = 1; n <= records; n++) {
      changes.put('audit', auditOf(n));
      changes.put('action_plan', planOf(n));
    }
  });
  const api = await listen(service, desk, port);
  return {
    round: async (file) => {
      const bodies = readMessages(file);
      await collectGarbage();
      return pace(queue, bodies);
    },
    close: async () => {
      await api.close();
      await side.close();
    },
  };
}

async function listen(service: Service, desk: Desk, port: number): Promise<{ close(): Promise<void> }> {
  const log = pino({ level: 'silent' });
  const { config } = await loadConfig({ directory: tmpdir(), flags: [] });
  const access = await accessOf(config, log, new Ending());
  const foundation: Foundation = {
    ...{ config, roles: new Set(['api'] as const), log, service, fail: () => undefined },
    ...{ standings: null, openstack: null, simulations: [], access },
  };
  const limits = { ...config.api, requests_per_second: Number.MAX_SAFE_INTEGER };
  const api = buildApi(service, { log, version: 'bench', access, limits, parts: [apiV1(foundation, desk)] });
  await api.listen({ host: '127.0.0.1', port });
  return api;
}

async function pace(queue: SimulatedQueue, bodies: readonly Buffer[]): Promise<number> {
  const begin = performance.now();
  let published = 0;
  for (let passed = 0; passed < ROUND_MS; passed = performance.now() - begin) {
    const due = Math.min(bodies.length, Math.ceil((passed * INGEST_RATE) / MILLIS_PER_SECOND));
    for (; published < due; published++) queue.publish(bodies[published] as Buffer);
    await sleep(PORTION_MS);
  }
  return published;
}

const BY: Actor = { kind: 'user', name: 'bench' };
const AT = 1_790_000_000_000;

function auditOf(id: number): Audit {
  return {
    ...{ id, uuid: instanceUuid(id), name: `audit-${id}`, createdAt: AT, updatedAt: AT, deletedAt: null },
    ...{ auditType: 'ONESHOT', state: 'SUCCEEDED', statusMessage: null, goal: 'dummy', strategy: 'dummy' },
    ...{ parameters: { para1: 3.2, para2: 'hello' }, scope: [], interval: null, timeZone: null },
    ...{ startTime: null, endTime: null, nextRunTime: null, lastRunTime: AT, calledAt: null, automation: 'manual' },
    ...{ force: false, hostname: 'bench', createdBy: BY, trigger: null, history: [] },
  };
}

function planOf(id: number): ActionPlan {
  const indicator = { name: 'moves', description: 'Instances that are moved.', unit: null, value: id };
  return {
    ...{ id, uuid: instanceUuid(id), createdAt: AT, updatedAt: AT, deletedAt: null, auditUuid: instanceUuid(id) },
    ...{ goal: 'dummy', strategy: 'dummy', state: 'RECOMMENDED', statusMessage: null, note: null, hostname: null },
    ...{ efficacyIndicators: [indicator], globalEfficacy: [indicator], rejected: [], rejectedCount: 0 },
    ...{ modelRevision: '1-1', automation: 'manual', trigger: null, startedBy: null, history: [] },
  };
}
