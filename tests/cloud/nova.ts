import { setTimeout as pause } from 'node:timers/promises';
import pino from 'pino';
import { connectOpenStack } from '../../src/openstack/connect.ts';
import { ApiError } from '../../src/openstack/errors.ts';
import type { OpenStackOptions, ServiceType } from '../../src/openstack/options.ts';
import type { Session } from '../../src/openstack/session.ts';

/** JSON objects as the APIs answer them. */
export type Row = Readonly<Record<string, unknown>>;

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

export interface Boot {
  readonly name: string;
  /** Which of the cloud's flavors, the smallest first. */
  readonly flavor?: number;
  readonly flavorId?: string;
  readonly host?: string;
  readonly zone?: string;
  readonly hints?: Row;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly tags?: readonly string[];
}

const COMPUTE_VERSION = '2.100';
const PLACEMENT_VERSION = '1.39';
/** The last one in which nova itself lists images. */
const IMAGES_VERSION = '2.35';
const PATIENCE_MILLIS = 180_000;
const POLL_MILLIS = 250;
/** What nova saves and sends after a server looks settled ("then it went to error"). */
const TRAILING_MILLIS = 700;
const MIGRATION_AT_REST = ['completed', 'done', 'finished', 'confirmed', 'reverted', 'error', 'failed', 'cancelled'];

/** All that the suite makes is called so at its beginning. */
const OURS = 'vigil-';

function isOurs({ name }: Row): boolean {
  return String(name).startsWith(OURS);
}

/** A real cloud as those who work on it drive it: nova's and placement's REST, nothing of Vigil's way to read them. */
export class NovaDriver {
  readonly #session: Session;
  readonly close: () => Promise<void>;
  /** Hosts whose services this driver changed. */
  readonly #changed = new Set<string>();
  #image = '';
  #flavors: readonly string[] = [];

  private constructor(session: Session, close: () => Promise<void>) {
    this.#session = session;
    this.close = close;
  }

  static async open(options: OpenStackOptions): Promise<NovaDriver> {
    const { session, close } = await connectOpenStack(options, pino({ level: 'silent' }));
    return new NovaDriver(session, close);
  }

  /** One request; the answer as it is, `{}` when it is empty or the thing is not there. */
  async ask(method: Method, path: string, body?: unknown, version?: string): Promise<Row> {
    return this.#ask('compute', method, path, body, version ?? COMPUTE_VERSION);
  }

  async placement(path: string): Promise<Row> {
    return this.#ask('placement', 'GET', path, undefined, PLACEMENT_VERSION);
  }

  async #ask(service: ServiceType, method: Method, path: string, body: unknown, v: string): Promise<Row> {
    const endpoint = await this.#session.endpoint(service);
    const headers = { 'openstack-api-version': `${service} ${v}` };
    const ask = { method, path, headers, accept: [404], ...(body === undefined ? {} : { body }) };
    return ((await this.#session.ask(endpoint, ask)).body ?? {}) as Row;
  }

  /** All things of a list, over all its pages. */
  async list(path: string, key: string, version?: string): Promise<Row[]> {
    const all: Row[] = [];
    for (let marker = ''; ; ) {
      const page = (await this.ask('GET', `${path}${marker}`, undefined, version))[key] as Row[];
      all.push(...page);
      const last = page.at(-1);
      if (last === undefined || !path.includes('limit=')) return all;
      marker = `&marker=${last.uuid ?? last.id}`;
    }
  }

  /** Orders a server; resolves with its uuid as soon as nova has taken the order. */
  async boot({ name, flavor = 0, flavorId, host, zone, hints, metadata, tags }: Boot): Promise<string> {
    const server = {
      name: OURS + name,
      imageRef: await this.image(),
      flavorRef: flavorId ?? (await this.flavor(flavor)),
      networks: 'none',
      ...(host === undefined ? {} : { host }),
      ...(zone === undefined ? {} : { availability_zone: zone }),
      ...(metadata === undefined ? {} : { metadata }),
      ...(tags === undefined ? {} : { tags }),
    };
    const body = { server, ...(hints === undefined ? {} : { 'os:scheduler_hints': hints }) };
    const answer = await this.ask('POST', '/servers', body);
    return String((answer.server as Row).id);
  }

  async act(uuid: string, action: string, argument: unknown = null, version?: string): Promise<void> {
    await this.ask('POST', `/servers/${uuid}/action`, { [action]: argument }, version);
  }

  liveMigrate(uuid: string, host: string | null = null): Promise<void> {
    return this.act(uuid, 'os-migrateLive', { host, block_migration: 'auto' });
  }

  /** Orders an active server to a host; whether it is there when all has ended. */
  async goes(uuid: string, host: string): Promise<boolean> {
    try {
      await this.liveMigrate(uuid, host);
    } catch (error) {
      if (error instanceof ApiError && error.status === 400) return false;
      throw error;
    }
    await this.settled(uuid, 'ACTIVE');
    return (await this.hostOf(uuid)) === host;
  }

  async delete(...uuids: string[]): Promise<void> {
    for (const uuid of uuids) await this.ask('DELETE', `/servers/${uuid}`);
    for (const uuid of uuids)
      await this.until(`server ${uuid} is gone`, async () => (await this.server(uuid)) === null);
  }

  async server(uuid: string): Promise<Row | null> {
    return ((await this.ask('GET', `/servers/${uuid}`)).server ?? null) as Row | null;
  }

  async hostOf(uuid: string): Promise<string> {
    return String((await this.server(uuid))?.['OS-EXT-SRV-ATTR:host']);
  }

  /** Whether no server is on a host, whosesoever. */
  async isEmpty(host: string): Promise<boolean> {
    return (await this.list(`/servers?all_tenants=1&limit=1&host=${host}`, 'servers')).length === 0;
  }

  /** The servers on a host that this suite made. */
  async oursOn(host: string): Promise<string[]> {
    const servers = await this.list(`/servers?all_tenants=1&limit=500&host=${host}`, 'servers');
    return servers.filter(isOurs).map(({ id }) => String(id));
  }

  /** Until a server does nothing any more, nor its last migration, and is in one of these states. */
  async settled(uuid: string, ...statuses: string[]): Promise<void> {
    await this.until(`server ${uuid} is ${statuses.join(' or ')}`, async () => {
      const server = await this.server(uuid);
      if (server === null) throw new Error(`server ${uuid} is gone`);
      const status = String(server.status);
      if (status === 'ERROR' && !statuses.includes('ERROR'))
        throw new Error(`server ${uuid} went to ERROR: ${JSON.stringify(server.fault)}`);
      return server['OS-EXT-STS:task_state'] === null && statuses.includes(status) && (await this.#migrated(uuid));
    });
    await pause(TRAILING_MILLIS);
  }

  async #migrated(uuid: string): Promise<boolean> {
    const [newest] = await this.migrationsOf(uuid);
    return newest === undefined || MIGRATION_AT_REST.includes(String(newest.status));
  }

  async migrationsOf(uuid: string): Promise<Row[]> {
    return (await this.ask('GET', `/os-migrations?instance_uuid=${uuid}&limit=20`)).migrations as Row[];
  }

  /** Until the guest of a live migration is being copied; the number of the migration. */
  running(uuid: string): Promise<number> {
    return this.until(`server ${uuid} is being copied`, async () => {
      const { migrations } = await this.ask('GET', `/servers/${uuid}/migrations`);
      const found = (migrations as Row[]).find(({ status }) => status === 'running');
      return found === undefined ? null : Number(found.id);
    });
  }

  async services(): Promise<Row[]> {
    return (await this.ask('GET', '/os-services?binary=nova-compute')).services as Row[];
  }

  async service(host: string): Promise<Row> {
    const found = (await this.services()).find((one) => one.host === host);
    if (found === undefined) throw new Error(`there is no nova-compute on ${host}`);
    return found;
  }

  async setService(host: string, change: Row): Promise<void> {
    this.#changed.add(host);
    await this.ask('PUT', `/os-services/${(await this.service(host)).id}`, change);
  }

  /** Puts right the services that were changed and not changed back. */
  async restoreServices(): Promise<void> {
    for (const host of this.#changed) {
      await this.setService(host, { status: 'enabled' });
      await this.setService(host, { forced_down: false });
    }
    this.#changed.clear();
  }

  /** Names of the hosts that take servers, sorted. */
  async hosts(): Promise<string[]> {
    const able = (await this.services()).filter(({ state, status }) => state === 'up' && status === 'enabled');
    return able.map(({ host }) => String(host)).sort();
  }

  async image(): Promise<string> {
    if (this.#image === '') {
      const images = (await this.ask('GET', '/images?status=ACTIVE', undefined, IMAGES_VERSION)).images as Row[];
      if (images[0] === undefined) throw new Error('the cloud has no image to boot from');
      this.#image = String(images[0].id);
    }
    return this.#image;
  }

  /** The n-th smallest flavor, or the largest. */
  async flavor(n: number): Promise<string> {
    if (this.#flavors.length === 0) {
      const flavors = (await this.ask('GET', '/flavors/detail')).flavors as { id: string; ram: number }[];
      this.#flavors = flavors.sort((a, b) => a.ram - b.ram).map(({ id }) => id);
    }
    const found = this.#flavors[Math.min(n, this.#flavors.length - 1)];
    if (found === undefined) throw new Error('the cloud has no flavors');
    return found;
  }

  /** Removes all that a run of this suite made, or left behind when it was broken off, and lifts the limits on more. */
  async sweep(): Promise<void> {
    const servers = (await this.list('/servers?all_tenants=1&limit=500', 'servers')).filter(isOurs);
    await this.delete(...servers.map(({ id }) => String(id)));
    for (const { id, hosts } of (await this.list('/os-aggregates', 'aggregates')).filter(isOurs)) {
      for (const host of hosts as string[])
        await this.ask('POST', `/os-aggregates/${id}/action`, { remove_host: { host } });
      await this.ask('DELETE', `/os-aggregates/${id}`);
    }
    for (const { id } of (await this.list('/os-server-groups?all_projects=true', 'server_groups')).filter(isOurs))
      await this.ask('DELETE', `/os-server-groups/${id}`);
    for (const { id } of (await this.list('/flavors', 'flavors')).filter(isOurs))
      await this.ask('DELETE', `/flavors/${id}`);
    const quotas = { instances: -1, cores: -1, ram: -1, server_groups: -1 };
    await this.ask('PUT', `/os-quota-sets/${await this.#project()}`, { quota_set: quotas });
  }

  /** The id of the project that the servers belong to: nova tells it of what is made. */
  async #project(): Promise<string> {
    const made = await this.ask('POST', '/os-server-groups', {
      server_group: { name: `${OURS}probe`, policy: 'affinity' },
    });
    const { id, project_id } = made.server_group as Row;
    await this.ask('DELETE', `/os-server-groups/${id}`);
    return String(project_id);
  }

  /** Waits until something is there (not null, not false); fails with its name when it never is. */
  async until<T>(what: string, look: () => Promise<T | null | false>): Promise<T> {
    for (const end = Date.now() + PATIENCE_MILLIS; Date.now() < end; await pause(POLL_MILLIS)) {
      const found = await look();
      if (found !== null && found !== false) return found;
    }
    throw new Error(`it never came true that ${what}`);
  }
}
