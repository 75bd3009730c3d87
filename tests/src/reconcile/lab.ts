import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import type { Fact } from '../../../model/fact.ts';
import type { LiveModel } from '../../../model/live-model.ts';
import { compareRevisions } from '../../../model/revision.ts';
import type { ModelStore } from '../../../model/store.ts';
import { openEmbeddedStore } from '../../../model/stores/embedded/embedded-store.ts';
import { Drift } from '../../../src/reconcile/drift.ts';
import { PASS_DEFAULTS, Pass, type PassParts } from '../../../src/reconcile/pass.ts';
import { REAL_TIMING } from '../../../src/reconcile/timing.ts';
import { Replica } from '../../../src/replica.ts';
import { factsOf } from '../../../streams/authority/facts.ts';
import { decodeEnvelope } from '../../../streams/decode/envelope.ts';
import { bodyOf } from '../../streams/reading/reading.ts';
import { clientsOf, type FakeClients, optionsFor } from '../openstack/fake-clients.ts';
import { FakeCloud } from '../openstack/fake-cloud.ts';

const SECOND = 1_000_000;

/** A fake cloud, a store with its replica, and all that reading the one into the other needs. */
export class Lab {
  readonly cloud: FakeCloud;
  readonly clients: FakeClients;
  readonly store: ModelStore;
  readonly parts: PassParts;
  readonly #replica: Replica;
  readonly #following: Promise<void>;
  readonly #folder: string;

  private constructor(cloud: FakeCloud, store: ModelStore, replica: Replica, following: Promise<void>, folder: string) {
    this.cloud = cloud;
    this.store = store;
    this.#replica = replica;
    this.#following = following;
    this.#folder = folder;
    this.clients = clientsOf(optionsFor(cloud));
    this.parts = {
      nova: this.clients.nova,
      placement: this.clients.placement,
      store,
      model: replica.model,
      drift: new Drift(),
      timing: REAL_TIMING,
      log: pino({ level: 'silent' }),
      options: { ...PASS_DEFAULTS, pageSize: 3 },
    };
  }

  static async open(): Promise<Lab> {
    const folder = await mkdtemp(join(tmpdir(), 'vigil-lab-'));
    const [cloud, store] = await Promise.all([FakeCloud.start(), openEmbeddedStore({ path: folder })]);
    const replica = new Replica(store, () => undefined);
    const following = replica.run(await replica.load());
    return new Lab(cloud, store, replica, following, folder);
  }

  get model(): LiveModel {
    return this.#replica.model;
  }

  pass(signal = new AbortController().signal): Pass {
    return new Pass(this.parts, signal);
  }

  /** Commits facts as a source would, and waits until the model has them. */
  async tell(facts: readonly Fact[]): Promise<void> {
    const { revision } = await this.store.commit(facts);
    while (compareRevisions(this.model.revision, revision) < 0) await new Promise((done) => setTimeout(done, 1));
  }

  /** Tells an `instance.update`, saved and sent so many seconds ago. */
  async told(uuid: string, data: Record<string, unknown>, secondsAgo: number, updatedAt?: string): Promise<void> {
    await this.tell(updateFacts(uuid, data, Date.now() * 1000 - secondsAgo * SECOND, updatedAt));
  }

  async close(): Promise<void> {
    await this.clients.http.close();
    await this.cloud.stop();
    await this.store.close();
    await this.#following;
    await rm(this.#folder, { recursive: true });
  }
}

/** The facts of an `instance.update` sent at a time (µs). */
export function updateFacts(
  uuid: string,
  data: Record<string, unknown>,
  time: number,
  updatedAt = '2026-11-20T10:00:04Z',
): readonly Fact[] {
  const payload = { ...updatePayload(uuid), updated_at: updatedAt, ...data };
  const body = bodyOf('instance.update', time, payload, 'nova-compute:conductor');
  return factsOf(decodeEnvelope(body), Date.now() * 1000 + 3600 * SECOND).facts;
}

/** What nova would have told of the server that `fakeServer` shows. */
function updatePayload(uuid: string): Record<string, unknown> {
  return {
    uuid,
    display_name: `name-${uuid}`,
    host_name: `name-${uuid}`,
    host: 'host-1',
    node: 'node-1',
    tenant_id: 'project-1',
    user_id: 'user-1',
    availability_zone: 'nova',
    image_uuid: 'image-1',
    created_at: '2026-11-20T10:00:00Z',
    launched_at: '2026-11-20T10:00:05Z',
    state: 'active',
    task_state: null,
    power_state: 'running',
    locked: false,
    metadata: {},
    tags: [],
    flavor: {
      'nova_object.data': {
        name: 'm1.small',
        vcpus: 1,
        memory_mb: 2048,
        root_gb: 20,
        ephemeral_gb: 0,
        swap: 0,
        extra_specs: {},
      },
    },
  };
}
