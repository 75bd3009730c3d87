import { eventually, startVigil, type Vigil } from '../end-to-end/vigil.ts';
import { differences } from './differences.ts';
import type { Given, Run } from './given.ts';
import type { MiniCloud } from './mini-cloud.ts';
import { type Boot, NovaDriver } from './nova.ts';
import { readTruth } from './truth.ts';

/** As good as never, in seconds. */
const NEVER = 2_000_000;
/** Between two increments where nova tells no updates, in seconds. */
const INCREMENT = 10;

/** How often is read what no notification tells, in seconds: so that steps need not wait long for it. */
const POLLS = { services: 2, touched: 1 };

/** What `GET /model/drift` tells, as far as it is looked at. */
export interface DriftShown {
  readonly total: number;
  readonly early: number;
  readonly corrections: readonly { readonly register: string; readonly cause: string; readonly count: number }[];
}

interface PassShown {
  readonly complete: boolean;
  readonly corrections: number;
  readonly problems: readonly string[];
}

interface PlanShown {
  readonly state: string;
  readonly status_message: string | null;
}

interface PlacementShown {
  readonly host: string;
  readonly forbidden: readonly { readonly code: string }[];
}

const PLAN_ENDS = ['SUCCEEDED', 'FAILED', 'CANCELLED', 'SUPERSEDED'];

/** A cloud, and a Vigil that watches it, as a step of the suite finds them. */
export class Scene {
  readonly run: Run;
  readonly given: Given;
  readonly cloud: NovaDriver;
  readonly vigil: Vigil;
  /** Active servers that a step left behind. */
  readonly #idle = new Set<string>();
  readonly #taken = new Set<string>();

  private constructor(run: Run, given: Given, cloud: NovaDriver, vigil: Vigil) {
    this.run = run;
    this.given = given;
    this.cloud = cloud;
    this.vigil = vigil;
  }

  /** Opens the cloud and starts Vigil in a process of its own, from one configuration file, as a user does. */
  static async open(run: Run): Promise<Scene> {
    const given = await run.open();
    const cloud = await NovaDriver.open(given.openstack);
    await cloud.sweep();
    // Where nova tells all that happens nothing but notifications, and what they give cause to ask for, may be needed.
    const reconcile = { interval: NEVER, increment: run.updates ? NEVER : INCREMENT };
    const vigil = await startVigil({ ...given.config, reconcile }, given.environment);
    await eventually(
      () => vigil.get<{ ready: boolean }>('/readyz'),
      ({ ready }) => ready,
    );
    const scene = new Scene(run, given, cloud, vigil);
    await scene.#ask('PUT', '/model/reconcile', POLLS);
    return scene;
  }

  async close(): Promise<void> {
    await this.vigil.stop();
    await this.cloud.sweep();
    await this.cloud.close();
    await this.given.close();
  }

  /** The cloud's insides, for the steps that need them. */
  get mini(): MiniCloud {
    if (this.given.mini === null) throw new Error('this step needs the mini-cloud');
    return this.given.mini;
  }

  /** The broker of the cloud, for the steps that kill it. */
  get broker(): NonNullable<Given['broker']> {
    if (this.given.broker === null) throw new Error('this step needs a broker that may be killed');
    return this.given.broker;
  }

  /** Deletes the servers of this suite that are on a host, also those that a step which failed left there. */
  async emptied(host: string): Promise<void> {
    const here = await this.cloud.oursOn(host);
    for (const uuid of here) this.#idle.delete(uuid);
    this.forget(...here);
    await this.cloud.delete(...here);
  }

  /** So many active servers, on one host where it is named: those at hand, and new ones. */
  async servers(count: number, host: string | null = null): Promise<string[]> {
    const found: string[] = [];
    for (const uuid of this.#idle) {
      if (found.length === count) break;
      if (host === null || (await this.cloud.hostOf(uuid)) === host) found.push(uuid);
    }
    const missing = Array.from({ length: count - found.length }, (_, i) => i);
    const made = await this.boot(...missing.map((i) => ({ name: `${Date.now()}-${i}`, ...(host && { host }) })));
    for (const uuid of [...found, ...made]) {
      this.#idle.delete(uuid);
      this.#taken.add(uuid);
    }
    return [...found, ...made];
  }

  /** One active server on a host. */
  async server(host: string | null = null): Promise<string> {
    const [uuid] = await this.servers(1, host);
    return uuid as string;
  }

  /** Boots servers at once, until all are active. */
  async boot(...orders: Boot[]): Promise<string[]> {
    const uuids = await Promise.all(orders.map((order) => this.cloud.boot(order)));
    await Promise.all(uuids.map((uuid) => this.cloud.settled(uuid, 'ACTIVE')));
    return uuids;
  }

  /** A step has ended well: its servers are at hand for the next. */
  release(): void {
    for (const uuid of this.#taken) this.#idle.add(uuid);
    this.#taken.clear();
  }

  /** Takes servers out of those at hand: they are no more, or not as the next step expects them. */
  forget(...uuids: string[]): void {
    for (const uuid of uuids) this.#taken.delete(uuid);
  }

  /** Until the model does not differ from nova and placement in any field of anything; fails with what differs. */
  async agree(): Promise<void> {
    await eventually(
      async () => differences(this.vigil, await readTruth(this.cloud)),
      (found) => found.length === 0,
    );
  }

  /** Reads everything anew. */
  async refresh(): Promise<PassShown> {
    return (await this.#ask<{ report: PassShown }>('POST', '/model/refresh', { scope: 'all', wait: true })).report;
  }

  /** Of every host the codes of what forbids a live migration of a server there; none when it may go. */
  async placements(uuid: string): Promise<ReadonlyMap<string, readonly string[]>> {
    const { placements } = await this.vigil.get<{ placements: PlacementShown[] }>(
      `/model/instances/${uuid}/placements`,
    );
    return new Map(placements.map(({ host, forbidden }) => [host, forbidden.map(({ code }) => code)]));
  }

  /** Orders an audit whose plan Vigil carries out by itself, until it has; fails with what became of it otherwise. */
  async audit(order: object): Promise<void> {
    const { uuid } = await this.#ask<{ uuid: string }>('POST', '/v1/audits', {
      audit_type: 'ONESHOT',
      auto_trigger: true,
      ...order,
    });
    const plans = async (): Promise<readonly PlanShown[]> =>
      (await this.vigil.get<{ action_plans: PlanShown[] }>(`/v1/action_plans?audit_uuid=${uuid}`)).action_plans;
    const [plan] = await eventually(plans, (found) => found.some(({ state }) => PLAN_ENDS.includes(state)));
    if (plan?.state !== 'SUCCEEDED') throw new Error(`the plan has ended: ${plan?.state} ${plan?.status_message}`);
  }

  async #ask<T>(method: 'POST' | 'PUT', path: string, body: object): Promise<T> {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(this.vigil.url + path, { method, headers, body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  }

  drift(): Promise<DriftShown> {
    return this.vigil.get<DriftShown>('/model/drift');
  }
}
