import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Subject } from 'rxjs';
import { makeClock, tieBreak } from '../../../model/clock.ts';
import type { ElementKey } from '../../../model/element.ts';
import type { Cause, Fact, Value } from '../../../model/fact.ts';
import { LiveModel } from '../../../model/live-model.ts';
import type { ModelStore } from '../../../model/store.ts';
import { openEmbeddedStore } from '../../../model/stores/embedded/embedded-store.ts';
import type { Knowing } from '../../../src/inquiry.ts';
import type { MeasuringState } from '../../../src/metrics-sources/measuring-state.ts';
import type { ReconcileControl } from '../../../src/reconcile/control.ts';
import type { ReconcileQuestions } from '../../../src/reconcile/questions.ts';
import type {
  FeedItem,
  Freshness,
  IngestCounters,
  Notice,
  ServiceState,
  SourceReport,
} from '../../../src/service-state.ts';

/** A running service without ingest: a real store and a real replica that a test tells facts to. */
export interface TestState extends ServiceState {
  readonly feed$: Subject<FeedItem>;
  fresh: Freshness;
  reports: readonly SourceReport[];
  reconcile: ReconcileControl | null;
  elsewhere: Knowing<ReconcileQuestions> | null;
  measuring: MeasuringState | null;
  /** Commits facts and resolves when the replica has them. */
  tell(facts: readonly Fact[]): Promise<void>;
  /** Ends the service, keeping its data when `keep` is set. */
  close(keep?: boolean): Promise<void>;
  readonly path: string;
}

export async function testState(options: { path?: string; retention?: number } = {}): Promise<TestState> {
  const path = options.path ?? (await mkdtemp(join(tmpdir(), 'vigil-api-')));
  const store: ModelStore = await openEmbeddedStore({ path, retention: options.retention ?? 100_000 });
  const model = new LiveModel();
  const feed$ = new Subject<FeedItem>();
  const head = await store.head();
  for await (const facts of store.scan()) model.load(facts, head);
  model.apply([]);
  const waiting: { revision: string; resolve: () => void }[] = [];
  const following = (async () => {
    for await (const followed of store.follow(head)) {
      if (followed.kind === 'reset') throw new Error(`the store was reset: ${followed.reason}`);
      const changes = model.apply(followed.changes);
      if (changes.length > 0) feed$.next({ kind: 'changes', changes });
      for (const { resolve } of waiting.filter(({ revision }) => isReached(revision, model.revision))) resolve();
    }
  })();
  const state: TestState = {
    cloud: 'cloud',
    path,
    model,
    store,
    feed$,
    fresh: { synced: true, reasons: [], ageSeconds: 1 },
    reports: [],
    reconcile: null,
    elsewhere: null,
    measuring: null,
    freshness: () => state.fresh,
    sources: () => state.reports,
    counters: () => COUNTERS,
    notices: (): readonly Notice[] => [],
    async tell(facts) {
      const { revision } = await store.commit(facts);
      if (isReached(revision, model.revision)) return;
      await new Promise<void>((resolve) => waiting.push({ revision, resolve }));
    },
    async close(keep = false) {
      await store.close();
      await following;
      feed$.complete();
      if (!keep) await rm(path, { recursive: true });
    },
  };
  return state;
}

const COUNTERS: IngestCounters = {
  messages: 7,
  ignored: 1,
  deadLetters: 2,
  factsWon: 30,
  factsLost: 3,
  clocksCut: 0,
  byEvent: new Map([['instance.update', 5]]),
};

function isReached(wanted: string, held: string): boolean {
  return Number(wanted.split('-')[1]) <= Number(held.split('-')[1]);
}

export const START = Date.UTC(2026, 0, 1) * 1_000;
let said = 0;

/** A fact said a second after the one before it. */
export function fact(element: ElementKey, register: string, value: Value, event = 'instance.update'): Fact {
  said += 1;
  const time = START + said * 1_000_000;
  const cause: Cause = { event, id: `message-${said}`, publisher: 'nova-compute:test', time };
  return {
    element,
    register,
    value,
    clock: makeClock({ updatedAt: 0, tier: 0, time, tie: tieBreak(cause.id) }),
    cause,
  };
}

export const FLAVOR = {
  name: 'm1.small',
  vcpus: 2,
  memory_mb: 2_048,
  root_gb: 20,
  ephemeral_gb: 0,
  swap_mb: 0,
  extra_specs: {},
};

/** Everything there is to tell of an ordinary instance. */
export function instanceFacts(
  uuid: string,
  host: string | null,
  more: { project?: string; state?: string; metadata?: { [key: string]: string }; name?: string; zone?: string } = {},
): Fact[] {
  const key: ElementKey = `instance/${uuid}`;
  return [
    fact(key, 'place', { host, node: host }),
    fact(key, 'state', { vm_state: more.state ?? 'active', task_state: null }),
    fact(key, 'power', 'running'),
    fact(key, 'flavor', FLAVOR),
    fact(key, 'identity', {
      name: more.name ?? `vm-${uuid}`,
      hostname: `vm-${uuid}`,
      project_id: more.project ?? 'project-1',
      user_id: 'user-1',
      image_id: 'image-1',
      created_at: '2026-01-01T00:00:00Z',
      launched_at: null,
    }),
    fact(key, 'metadata', more.metadata ?? {}),
    ...(more.zone === undefined ? [] : [fact(key, 'zone', more.zone)]),
  ];
}

export function hostFacts(name: string): Fact[] {
  const key: ElementKey = `host/${name}`;
  return [
    fact(
      key,
      `service/service-of-${name}`,
      { disabled: false, disabled_reason: null, forced_down: false },
      'service.create',
    ),
    fact(key, 'heartbeat', { up: true }, 'GET /os-services'),
    fact(
      key,
      `inventory/${name}`,
      { uuid: `node-of-${name}`, vcpus: 64, memory_mb: 262_144, disk_gb: 2_000, hypervisor_type: 'QEMU' },
      'GET /os-hypervisors',
    ),
  ];
}

export function aggregateFacts(
  uuid: string,
  name: string,
  hosts: readonly string[],
  metadata: { [key: string]: string } = {},
): Fact[] {
  return [fact(`aggregate/${uuid}`, 'aggregate', { id: 1, name, hosts, metadata }, 'aggregate.create.end')];
}

export function groupFacts(uuid: string, members: readonly string[]): Fact[] {
  const group = {
    name: `group ${uuid}`,
    policy: 'anti-affinity',
    max_server_per_host: null,
    project_id: 'project-1',
    user_id: 'user-1',
  };
  return [
    fact(`server_group/${uuid}`, 'group', group, 'server_group.create'),
    ...members.map((member) => fact(`server_group/${uuid}`, `member/${member}`, true, 'server_group.add_member')),
  ];
}

export function moved(uuid: string, host: string | null): Fact {
  return fact(`instance/${uuid}`, 'place', { host, node: host }, 'instance.live_migration_post.end');
}

export function deleted(uuid: string): Fact {
  return fact(`instance/${uuid}`, 'life', true, 'instance.delete.end');
}
