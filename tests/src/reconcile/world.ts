import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { filter, merge, Subject, type Subscription } from 'rxjs';
import { openEmbeddedStore } from '../../../model/stores/embedded/embedded-store.ts';
import { type CloudOptions, createSimulatedCloud, type RestFault, type SimulatedCloud } from '../../../sim/index.ts';
import { microsNow } from '../../../src/clock.ts';
import { optionsFromSettings } from '../../../src/openstack/settings.ts';
import type { PassKind } from '../../../src/reconcile/collector.ts';
import { ComputeCollector } from '../../../src/reconcile/compute-collector.ts';
import { Drift } from '../../../src/reconcile/drift.ts';
import { Pass, type PassParts } from '../../../src/reconcile/pass.ts';
import { REAL_TIMING } from '../../../src/reconcile/timing.ts';
import { Replica } from '../../../src/replica.ts';
import { ingest } from '../../../streams/ingest.ts';
import type { RawMessage } from '../../../streams/source.ts';
import { clientsOf } from '../openstack/fake-clients.ts';
import { differencesFromTruth } from './truth.ts';

/** A simulated cloud with its API, ingested and reconciled into a model as by a service. */
export interface World {
  readonly cloud: SimulatedCloud;
  readonly parts: PassParts;
  /** The share of messages that get lost on their way, in [0, 1]. */
  lost: number;
  /** Whether messages wait, as in a broker that nobody is connected to, until they are told to {@link arrive}. */
  waits: boolean;
  /** Lets what waited come. */
  arrive(): void;
  /** What the API is to do wrong; asked at every request. */
  fault: (method: string, path: string) => RestFault | null;
  /** How far the cloud lives on at every request, in seconds. */
  pace: number;
  /** Whether a host is in a cell that nova cannot reach. */
  cellDown: (host: string) => boolean;
  /** Ends all tokens at once. */
  endTokens(): void;
  run(kind: PassKind): Promise<Pass & { readonly complete: boolean }>;
  /** Resolves when everything sent so far is in the model. */
  drained(): Promise<void>;
  differences(): string[];
}

const closing: (() => Promise<void>)[] = [];

/** Closes every world that was made. */
export async function closeWorlds(): Promise<void> {
  for (const close of closing.splice(0).reverse()) await close();
}

/** Makes a world; the cloud in it rests until it is told to live on. */
export async function world(given: Partial<CloudOptions> = {}): Promise<World> {
  const cloud = createSimulatedCloud({
    hosts: 12,
    instances: 120,
    operationsPerSecond: 8,
    failures: 0.1,
    start: Date.now(),
    ...given,
  });
  const folder = await mkdtemp(join(tmpdir(), 'vigil-simulated-'));
  closing.push(() => rm(folder, { recursive: true }));
  const store = await openEmbeddedStore({ path: folder });
  const replica = new Replica(store, () => undefined);
  const following = replica.run(await replica.load());
  closing.push(async () => {
    await store.close();
    await following;
  });
  const random = draws(given.seed ?? 1);
  const source = cloud.source();
  let [taken, committed] = [0, 0];
  const waiting: RawMessage[] = [];
  const late$ = new Subject<RawMessage>();
  const punctual$ = source.messages$.pipe(
    filter((message) => {
      const arrives = random() >= here.lost && !here.waits;
      if (here.waits) waiting.push({ ...message, ack: () => undefined });
      if (arrives) taken += 1;
      else message.ack();
      return arrives;
    }),
  );
  const rest = await cloud.rest({
    faults: {
      fault: (method, path) => {
        if (here.pace > 0) cloud.advance(here.pace);
        return here.fault(method, path);
      },
      isInDownCell: ({ row }) => row.host !== null && here.cellDown(row.host),
      isHostInDownCell: (host) => here.cellDown(host),
    },
  });
  closing.push(() => rest.close());
  const clients = clientsOf(optionsFromSettings(rest.credentials, 'the test'));
  closing.push(() => clients.http.close());
  const parts: PassParts = {
    nova: clients.nova,
    placement: clients.placement,
    store,
    model: replica.model,
    drift: new Drift(),
    timing: REAL_TIMING,
    log: pino({ level: 'silent' }),
    options: { pageSize: 17, atOnce: 4 },
  };
  const collector = new ComputeCollector();
  const here: World = {
    cloud,
    parts,
    lost: 0,
    waits: false,
    arrive() {
      here.waits = false;
      for (const message of waiting.splice(0)) {
        taken += 1;
        late$.next(message);
      }
    },
    fault: () => null,
    pace: 0,
    cellDown: () => false,
    endTokens: () => rest.revokeTokens(),
    async run(kind) {
      const pass = new Pass(parts, new AbortController().signal);
      const complete = await collector.run(kind, pass);
      await pass.replicated();
      return Object.assign(pass, { complete });
    },
    async drained() {
      const quiet = async (): Promise<void> => void (await new Promise((done) => setTimeout(done, 5)));
      while (source.waiting > 0 || committed < taken) await quiet();
      const head = await store.head();
      while (replica.model.revision !== head) await quiet();
    },
    differences: () => differencesFromTruth(replica.model, cloud.truth()),
  };
  // As a service has it: what nova's clock says, as far as that is known, is not the future.
  const now = (): number => microsNow() + Math.max(0, parts.nova.clock.offset);
  const ingesting: Subscription = ingest(merge(punctual$, late$), store, now).subscribe(({ decoded }) => {
    committed += decoded.length;
  });
  closing.push(async () => ingesting.unsubscribe());
  return here;
}

/** A linear congruential generator: the same draws in every run. */
export function draws(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Lets all that is under way end, and what it told arrive. */
export async function settled(here: World): Promise<void> {
  here.pace = 0;
  here.cloud.settle();
  await here.drained();
}
