import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { vi } from 'vitest';
import { makeTempDir, removeTempDir } from '../../../servers/guard.ts';
import { createSimulatedCloud, type RestFault } from '../../../sim/index.ts';
import { startVigil, type Vigil } from '../../end-to-end/vigil.ts';
import { migrate, type Possible } from './moves.ts';

/** Virtual seconds that pass in one of ours at first, and how long before now virtual time begins, so that it stays behind. */
const FACTOR = 4;
const BEFORE_MILLIS = 280_000;
/** For conditions, in milliseconds; only waited for in full by a test that fails. */
export const PATIENCE = { timeout: 90_000, interval: 50 };
const LATEST = { 'OpenStack-API-Version': 'infra-optim latest', 'content-type': 'application/json' };

/** A call of nova, as the simulated cloud receives it. */
export interface Call {
  readonly method: string;
  readonly path: string;
}

/** A simulated cloud and processes that act on it: one that answers, and others that may be killed and paused. */
export interface Site {
  /** Asked at each call of nova; what it answers befalls the call. */
  onCall: (call: Call) => RestFault | null;
  /** Those that may act; the first of them acts. With an embedded store there is one, which also answers. */
  readonly engines: Vigil[];
  /** Instances that can be moved live, each with where to. */
  moves(count: number): Promise<readonly Possible[]>;
  /** Asks for an audit; resolves with its uuid. */
  audit(body: object): Promise<string>;
  /** The plans that an audit has made so far. */
  plansOf(audit: string): Promise<readonly string[]>;
  /** Has a move planned, to be carried out when somebody says so; resolves with the plan. */
  plan(move: Possible): Promise<string>;
  /** Has a plan carried out. */
  carryOut(plan: string): Promise<void>;
  /** Has a move planned and carried out; resolves with the plan. */
  start(move: Possible): Promise<string>;
  /** Resolves once an audit or a plan is in a state. */
  reaches(what: 'audits' | 'action_plans', uuid: string, state: string): Promise<void>;
  /** Asks for a state of an audit or a plan. */
  setState(what: 'audits' | 'action_plans', uuid: string, state: string): Promise<void>;
  cancel(plan: string): Promise<void>;
  /** Virtual seconds that pass in one of ours from now on. */
  pace(factor: number): void;
  /** The plan with its actions once it has ended. */
  ended(plan: string): Promise<Ended>;
  hostOf(uuid: string): string | undefined;
  close(): Promise<void>;
}

export interface Ended {
  readonly state: string;
  readonly actions: readonly { readonly state: string; readonly status_message: string | null }[];
}

/** With a Redis: one process that answers and two engines. Without: one that does all, on an embedded store. */
export async function startSite(redis: { readonly url: string; readonly prefix: string } | null): Promise<Site> {
  const cloud = createSimulatedCloud({
    hosts: 8,
    instances: 24,
    failures: 0,
    operationsPerSecond: 0,
    start: Date.now() - BEFORE_MILLIS,
  });
  const hook: { onCall: Site['onCall'] } = { onCall: () => null };
  const rest = await cloud.rest({
    faults: {
      fault: (method, path) =>
        path.startsWith('/compute/v2.1') ? hook.onCall({ method, path: path.replace('/compute/v2.1', '') }) : null,
    },
  });
  cloud.run(FACTOR);
  const dir = await makeTempDir('site');
  const silence = join(dir, 'silence.jsonl');
  await writeFile(silence, '');
  const { region_name: region, ...auth } = rest.credentials;
  const config = {
    ...(redis === null ? {} : { cloud: redis.prefix, store: { kind: 'redis', url: redis.url } }),
    sources: [{ kind: 'recording', files: [silence] }],
    openstack: { auth, region },
    engine: { lease: 2 },
    limits: { nova_silence: 0.5 },
  };
  const front = await startVigil(redis === null ? config : { ...config, roles: ['ingest', 'api'] });
  const engines = redis === null ? [front] : [await engine(config), await engine(config)];

  const ask = async <T>(path: string, method = 'GET', body?: object): Promise<T> => {
    const answer = await fetch(front.url + path, {
      method,
      headers: LATEST,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as T;
  };
  /** Also while the process that answers is being started again. */
  const patiently = async <T>(look: () => Promise<T | null>): Promise<T> => {
    let found: T | null = null;
    await vi.waitUntil(async () => {
      found = await look().catch(() => null);
      return found !== null;
    }, PATIENCE);
    return found as T;
  };

  const audit = async (body: object): Promise<string> => {
    // Also while other plans are carried out.
    const { uuid } = await ask<{ uuid: string }>('/v1/audits', 'POST', { audit_type: 'ONESHOT', force: true, ...body });
    return uuid;
  };
  const plansOf = async (of: string): Promise<readonly string[]> => {
    const { action_plans: plans } = await ask<{ action_plans: { uuid: string }[] }>(
      `/v1/action_plans?audit_uuid=${of}`,
    );
    return plans.map(({ uuid }) => uuid);
  };
  const plan = async (move: Possible): Promise<string> => {
    const parameters = { actions: [migrate(move)] };
    const uuid = await audit({ goal: 'unclassified', strategy: 'actuator', parameters });
    return patiently(async () => (await plansOf(uuid))[0] ?? null);
  };
  const carryOut = async (uuid: string): Promise<void> => {
    await ask(`/v1/action_plans/${uuid}/start`, 'POST', {});
  };

  const setState = async (what: string, uuid: string, value: string): Promise<void> => {
    await ask(`/v1/${what}/${uuid}`, 'PATCH', [{ op: 'replace', path: '/state', value }]);
  };

  return {
    get onCall() {
      return hook.onCall;
    },
    set onCall(onCall) {
      hook.onCall = onCall;
    },
    engines,
    moves: (count) =>
      patiently(async () => {
        const found: Possible[] = [];
        for (const { uuid, host, state } of await front.instances()) {
          if (host === null || state !== 'active' || found.length === count) continue;
          const { placements } = await ask<{ placements: { host: string; allowed: boolean }[] }>(
            `/model/instances/${uuid}/placements?kind=live`,
          );
          const target = placements.find(({ allowed }) => allowed);
          if (target !== undefined) found.push({ uuid, from: host, to: target.host });
        }
        return found.length < count ? null : found;
      }),
    ...{ audit, plansOf, plan, carryOut },
    start: async (move) => {
      const uuid = await plan(move);
      await carryOut(uuid);
      return uuid;
    },
    reaches: async (what, uuid, wanted) => {
      await patiently(async () => {
        const { state } = await ask<{ state: string }>(`/v1/${what}/${uuid}`);
        return state === wanted ? state : null;
      });
    },
    setState,
    cancel: (plan) => setState('action_plans', plan, 'CANCELLING'),
    pace: (factor) => cloud.run(factor),
    ended: (plan) =>
      patiently(async () => {
        const { state } = await ask<{ state: string }>(`/v1/action_plans/${plan}`);
        if (!['SUCCEEDED', 'FAILED', 'CANCELLED'].includes(state)) return null;
        const { actions } = await ask<{ actions: Ended['actions'] }>(`/v1/actions/detail?action_plan_uuid=${plan}`);
        return { state, actions };
      }),
    hostOf: (uuid) => cloud.cloud.instances.get(uuid)?.row.host ?? undefined,
    close: async () => {
      hook.onCall = () => null;
      for (const process of new Set([...engines, front])) await process.stop();
      cloud.stop();
      await rest.close();
      await removeTempDir(dir);
    },
  };
}

function engine(config: object): Promise<Vigil> {
  return startVigil({ ...config, roles: ['engine'] });
}
