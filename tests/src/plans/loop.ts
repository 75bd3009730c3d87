import { tmpdir } from 'node:os';
import { pino } from 'pino';
import { afterEach, expect, vi } from 'vitest';
import type { Instance } from '../../../model/instance.ts';
import type { MetricsView } from '../../../model/metrics/metrics-view.ts';
import { createSimulatedCloud, type RestFault, type SimulatedCloud } from '../../../sim/index.ts';
import type { Action } from '../../../src/audits/action.ts';
import type { ActionPlan } from '../../../src/audits/action-plan.ts';
import type { Audit, Parameters } from '../../../src/audits/audit.ts';
import { type Desk, deskOn } from '../../../src/audits/desk.ts';
import { MovesSeen } from '../../../src/audits/moves-seen.ts';
import { ENDED_PLANS } from '../../../src/audits/states.ts';
import { loadConfig } from '../../../src/config/load.ts';
import { flagOverlay } from '../../../src/config/overlay.ts';
import type { Config } from '../../../src/config/schema/config.ts';
import type { Foundation } from '../../../src/foundation.ts';
import { open } from '../../../src/identity/open.ts';
import { connectOpenStack } from '../../../src/openstack/connect.ts';
import { optionsFromSettings } from '../../../src/openstack/settings.ts';
import { acting } from '../../../src/parts/acting.ts';
import { failSafeOf } from '../../../src/parts/fail-safe.ts';
import { keepingRecords } from '../../../src/parts/keeping-records.ts';
import type { Part } from '../../../src/parts/part.ts';
import { reconciling } from '../../../src/parts/reconciling.ts';
import { ROLES } from '../../../src/roles.ts';
import { Service } from '../../../src/service.ts';
import { temporaryStore } from '../../model/stores/temporary.ts';
import { NO_METRICS } from '../../strategies/solving.ts';
import { access } from '../api/api.ts';
import { ALICE } from '../audits/desk.ts';

/** Virtual seconds that pass in one of ours, by default. */
const FACTOR = 20;
/** So long before now virtual time begins, so that it does not run ahead of ours. */
const BEFORE_MILLIS = 280_000;
/** For conditions, in milliseconds; only waited for in full by a test that fails. */
const PATIENCE = { timeout: 60_000, interval: 20 };

/** A simulated cloud with everything that acts on it, in this process, from records to nova's API and back. */
export interface Loop {
  readonly desk: Desk;
  readonly cloud: SimulatedCloud;
  readonly service: Service;
  readonly config: Config;
  /** What befalls calls of nova; may be replaced at any time. */
  fault: (method: string, path: string) => RestFault | null;
  /** Whether the breaches a plan was made for are over; may be replaced at any time. */
  hasRecovered: (plan: ActionPlan) => boolean;
  /** Calls of nova that are meant to change something, as `METHOD path`. */
  readonly calls: readonly string[];
  instance(uuid: string): Instance | undefined;
  /** A plan of these actions, made by the strategy `actuator`, not started. */
  propose(actions: readonly Proposed[], more?: Partial<Pick<Audit, 'automation' | 'force'>>): Promise<ActionPlan>;
  actions(plan: ActionPlan): readonly Action[];
  /** The plan once it has ended. */
  ended(plan: ActionPlan): Promise<ActionPlan>;
  stop(): Promise<void>;
}

export interface Proposed {
  readonly action_type: string;
  readonly input_parameters: Parameters;
}

/** Beside what acts: what is measured, and who asks for audits. */
export interface Measuring {
  readonly parts: readonly Part[];
  readonly metrics: () => MetricsView;
}

export interface LoopOptions {
  readonly hosts?: number;
  readonly instances?: number;
  readonly settings?: readonly string[];
  /** Virtual seconds that pass in one of ours; 0: virtual time stands unless the test moves it on. */
  readonly factor?: number;
  /** As of {@link CloudOptions}. */
  readonly noisyEvery?: number;
  /** So long an answer of an API is waited for; as by default when not given. */
  readonly timeoutSeconds?: number;
  /** By default nothing is measured. */
  readonly measuring?: (cloud: SimulatedCloud, foundation: Foundation, desk: Desk) => Promise<Measuring>;
}

vi.setConfig({ testTimeout: PATIENCE.timeout });

const opened: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close();
});

export async function startLoop({
  hosts = 6,
  instances = 12,
  settings = [],
  factor = FACTOR,
  noisyEvery = 0,
  timeoutSeconds,
  measuring = async () => ({ parts: [], metrics: () => NO_METRICS }),
}: LoopOptions = {}): Promise<Loop> {
  const flags = [...settings, 'limits.nova_silence=0.3'].map((text) => {
    const [path = '', value = ''] = text.split('=');
    return flagOverlay(path, value, '--set');
  });
  const { config } = await loadConfig({ directory: tmpdir(), flags });
  const cloud = createSimulatedCloud({
    hosts,
    instances,
    failures: 0,
    operationsPerSecond: 0,
    noisyEvery,
    start: Date.now() - BEFORE_MILLIS,
  });
  const calls: string[] = [];
  const fault: { of: Loop['fault'] } = { of: () => null };
  const recovered: { of: Loop['hasRecovered'] } = { of: () => false };
  const rest = await cloud.rest({
    faults: {
      fault: (method, path) => {
        if (method !== 'GET' && path.startsWith('/compute'))
          calls.push(`${method} ${path.replace('/compute/v2.1', '')}`);
        return fault.of(method, path);
      },
    },
  });
  opened.push(() => rest.close());
  const log = pino({ level: 'silent' });
  const openstack = await connectOpenStack(
    optionsFromSettings(rest.credentials, 'a test'),
    log,
    timeoutSeconds === undefined ? {} : { timeoutSeconds },
  );
  const temporary = await temporaryStore();
  const { store } = temporary;
  const service = new Service({ cloud: 'test', store, sources: [cloud.source()], reconciles: true, log });
  const failures: unknown[] = [];
  const foundation: Foundation = {
    config,
    roles: new Set(ROLES),
    log,
    service,
    standings: null,
    openstack,
    access: access(open(false)),
    simulations: [],
    fail: (error) => failures.push(error),
  };
  const desk = deskOn(store.ledger, Date.now);
  const failSafe = failSafeOf(foundation, desk);
  const measures = await measuring(cloud, foundation, desk);
  const engine = acting(foundation, desk, failSafe, {
    metrics: measures.metrics,
    history: new MovesSeen(),
    hasRecovered: (plan) => recovered.of(plan),
  });
  const parts: Part[] = [keepingRecords(foundation, desk), reconciling(foundation), ...measures.parts, engine];
  await service.start((error) => failures.push(error));
  for (const { begin } of parts) await begin?.();
  if (factor > 0) cloud.run(factor);
  let stopped = false;
  const stop = async (): Promise<void> => {
    if (stopped) return;
    stopped = true;
    cloud.stop();
    for (const { end } of parts.toReversed()) await end?.();
    await service.stop();
    await temporary.dispose();
    await openstack.close();
    expect(failures).toEqual([]);
  };
  opened.push(stop);
  await vi.waitUntil(() => service.freshness().synced, PATIENCE);

  const loop: Loop = {
    desk,
    cloud,
    service,
    config,
    calls,
    get hasRecovered() {
      return recovered.of;
    },
    set hasRecovered(of) {
      recovered.of = of;
    },
    get fault() {
      return fault.of;
    },
    set fault(of) {
      fault.of = of;
    },
    instance: (uuid) => service.model.instance(uuid),
    propose: async (actions, more = {}) => {
      const audit = await desk.audits.create(
        {
          auditType: 'ONESHOT',
          goal: 'unclassified',
          strategy: 'actuator',
          parameters: { actions: actions as never },
          ...more,
        },
        ALICE,
      );
      await vi.waitUntil(
        () => ['SUCCEEDED', 'FAILED', 'CANCELLED'].includes(desk.audits.find(audit.uuid).state),
        PATIENCE,
      );
      const [plan] = desk.book.plans.ofAudit(audit.uuid);
      const { state, statusMessage } = desk.audits.find(audit.uuid);
      if (plan === undefined) throw new Error(`the audit is ${state}: ${statusMessage}`);
      return plan;
    },
    actions: (plan) => desk.book.actions.ofPlan(plan.uuid),
    ended: async ({ uuid }) => {
      await vi.waitUntil(() => ENDED_PLANS.includes(desk.plans.find(uuid).state), PATIENCE);
      return desk.plans.find(uuid);
    },
    stop,
  };
  return loop;
}

/** Waits for a condition. */
export async function until(holds: () => boolean): Promise<void> {
  await vi.waitUntil(holds, PATIENCE);
}
