import { ApiError } from './errors.ts';
import type { Answer } from './http.ts';
import {
  compareMicroversions,
  formatMicroversion,
  lesserMicroversion,
  type Microversion,
  parseMicroversion,
} from './microversion.ts';
import { pagesByMarker } from './paging.ts';
import { asFields, type Fields, type Read, ReadingClient, type ReadOptions, withQuery } from './reading-client.ts';
import type { ServerClock } from './server-clock.ts';
import type { ServiceAsk, Session } from './session.ts';
import { isItemNotFound } from './status-failure.ts';

/** The newest microversion whose answers Vigil knows: scheduler hints came with it. */
const NEWEST: Microversion = { major: 2, minor: 100 };
/** With 2.53 services and hypervisors have uuids, and servers their flavor: what is before cannot be told apart. */
const OLDEST: Microversion = { major: 2, minor: 53 };
/** The last one in which hypervisors tell how large they are; later, placement alone does. */
const HYPERVISOR_SIZES: Microversion = { major: 2, minor: 87 };

/** What an older nova does not tell, by the microversion that brought it. */
const BROUGHT: readonly { readonly minor: number; readonly what: string }[] = [
  { minor: 100, what: 'scheduler hints' },
  { minor: 98, what: 'image properties' },
  { minor: 96, what: 'pinned availability zones' },
  { minor: 73, what: 'the reason of a lock' },
  { minor: 69, what: 'which hosts are in a cell that is down' },
  { minor: 64, what: 'the rules of server groups' },
];

/**
 * States of a migration that is under way, live, cold or evacuation, in the order they follow each other: whoever lists them
 * in this order misses none that moves on meanwhile. `finished` waits to be confirmed.
 */
export const MIGRATING = [
  'accepted',
  'pre-migrating',
  'queued',
  'preparing',
  'running',
  'migrating',
  'post-migrating',
  'finished',
  'reverting',
  'confirming',
] as const;

export interface PageRead extends Read<readonly Fields[]> {
  readonly items: readonly Fields[];
}

export interface ServerFilter {
  /** Only servers changed at or after this time, deleted ones included; `2026-11-23T01:46:23Z`. */
  readonly changesSince?: string;
  readonly host?: string;
}

interface Api {
  readonly endpoint: string;
  readonly microversion: Microversion;
}

/** What is read of nova, as an administrator: each answer with what its facts need. Throws ApiError. */
export class Nova {
  readonly #client: ReadingClient;
  #api: Promise<Api> | null = null;

  constructor(session: Session) {
    this.#client = new ReadingClient(session, 'compute');
  }

  /** nova's clock, by its answers so far. */
  get clock(): ServerClock {
    return this.#client.clock;
  }

  /** The microversion spoken, and what this nova is too old to tell. */
  async version(): Promise<{ readonly microversion: string; readonly lacks: readonly string[] }> {
    const { microversion } = await this.#negotiated();
    const lacks = BROUGHT.filter(({ minor }) => microversion.minor < minor).map(({ what }) => what);
    return { microversion: formatMicroversion(microversion), lacks };
  }

  /**
   * Servers of all projects, page by page, newest first. nova silently leaves out soft-deleted servers and those of a cell
   * that is down: absence says nothing.
   */
  servers(filter: ServerFilter, pageSize: number, options: ReadOptions = {}): AsyncGenerator<PageRead> {
    const query = { all_tenants: 1, 'changes-since': filter.changesSince ?? null, host: filter.host ?? null };
    return this.#pages('/servers/detail', query, 'servers', pageSize, options);
  }

  /**
   * One server; null when nova itself says that there is none. An administrator's null is final: a server of a cell that
   * is down is answered with status UNKNOWN or an error, a soft-deleted one as it is.
   */
  server(uuid: string, options: ReadOptions = {}): Promise<Read<Fields | null>> {
    return this.#one(`/servers/${encodeURIComponent(uuid)}`, 'server', options);
  }

  /**
   * Makes sure that servers of all projects are shown: to one who lost the admin role every foreign server is "not found".
   * Throws ApiError (`forbidden`) when they are not.
   */
  async mustSeeAllProjects(options: ReadOptions = {}): Promise<void> {
    await this.#list(withQuery('/servers', { all_tenants: 1, limit: 1 }), 'servers', options);
  }

  /** Rows of nova-compute services; those in a cell that is down have status UNKNOWN and no id. */
  services(host: string | null, options: ReadOptions = {}): Promise<Read<readonly Fields[]>> {
    return this.#list(withQuery('/os-services', { binary: 'nova-compute', host }), 'services', options);
  }

  hypervisors(pageSize: number, options: ReadOptions = {}): AsyncGenerator<PageRead> {
    return this.#pages('/os-hypervisors/detail', {}, 'hypervisors', pageSize, options, HYPERVISOR_SIZES);
  }

  /** One hypervisor by its uuid; null when nova says that there is none. */
  hypervisor(uuid: string, options: ReadOptions = {}): Promise<Read<Fields | null>> {
    return this.#one(`/os-hypervisors/${encodeURIComponent(uuid)}`, 'hypervisor', options, HYPERVISOR_SIZES);
  }

  async aggregates(options: ReadOptions = {}): Promise<Read<readonly Fields[]>> {
    const read = await this.#list('/os-aggregates', 'aggregates', options);
    // An emulator may know them by their numbers alone.
    return this.#client.partial
      ? { ...read, value: read.value.map((one) => ({ uuid: `aggregate-${one.id}`, ...one })) }
      : read;
  }

  /** One aggregate by its number; null when nova says that there is none. */
  aggregate(id: number, options: ReadOptions = {}): Promise<Read<Fields | null>> {
    return this.#one(`/os-aggregates/${id}`, 'aggregate', options);
  }

  /** Server groups of all projects. nova pages them by offset: one may be skipped while others are deleted. */
  async *serverGroups(pageSize: number, options: ReadOptions = {}): AsyncGenerator<PageRead> {
    for (let offset = 0; ; ) {
      const query = { all_projects: true, limit: pageSize, offset };
      const page = await this.#list(withQuery('/os-server-groups', query), 'server_groups', options);
      if (page.value.length > 0 || offset === 0) yield { ...page, items: page.value };
      if (page.value.length === 0) return;
      offset += page.value.length;
    }
  }

  serverGroup(uuid: string, options: ReadOptions = {}): Promise<Read<Fields | null>> {
    return this.#one(`/os-server-groups/${encodeURIComponent(uuid)}`, 'server_group', options);
  }

  /** Migrations in one of the {@link MIGRATING} states, whoever started them, newest first. */
  migrations(status: string, pageSize: number, options: ReadOptions = {}): AsyncGenerator<PageRead> {
    return this.#pages('/os-migrations', { status }, 'migrations', pageSize, options);
  }

  /** The last migrations of one instance, newest first, under way or not. */
  migrationsOf(instance: string, limit: number, options: ReadOptions = {}): Promise<Read<readonly Fields[]>> {
    return this.#list(withQuery('/os-migrations', { instance_uuid: instance, limit }), 'migrations', options);
  }

  /**
   * Asks for something else than to be told: what is answered with a status of `accept` is no failure. It is sent once; when
   * no answer comes it is not known whether nova took it. Throws ApiError.
   */
  async ask(ask: Pick<ServiceAsk, 'method' | 'path' | 'body' | 'accept'>, options: ReadOptions = {}): Promise<Answer> {
    const { endpoint, headers } = await this.#asked(NEWEST);
    return this.#client.ask(endpoint, { ...ask, headers, ...options });
  }

  async *#pages(
    path: string,
    query: Readonly<Record<string, string | number | boolean | null>>,
    key: string,
    limit: number,
    options: ReadOptions,
    newest = NEWEST,
  ): AsyncGenerator<PageRead> {
    const read = async (marker: string | null): Promise<PageRead> => {
      const page = await this.#list(withQuery(path, { ...query, limit, marker }), key, options, newest);
      return { ...page, items: page.value };
    };
    // Migrations are marked by their uuid, everything else by its id.
    yield* pagesByMarker<Fields, PageRead>(read, (item) => String(item.uuid ?? item.id), {
      ignoresMarkers: this.#client.partial,
    });
  }

  async #list(path: string, key: string, options: ReadOptions, newest = NEWEST): Promise<Read<readonly Fields[]>> {
    const { endpoint, headers } = await this.#asked(newest);
    return this.#client.list(endpoint, { method: 'GET', path, headers, ...options }, key);
  }

  async #one(path: string, key: string, options: ReadOptions, newest = NEWEST): Promise<Read<Fields | null>> {
    const { endpoint, headers } = await this.#asked(newest);
    const ask = { method: 'GET', path, headers, accept: [404], ...options } as const;
    const answer = await this.#client.ask(endpoint, ask);
    const value = answer.status === 404 ? null : asFields(asFields(answer.body)?.[key]);
    const read = { value, ...this.#client.readingOf(endpoint, ask, answer) };
    if (value !== null || (answer.status === 404 && (this.#client.partial || isItemNotFound(answer.body)))) return read;
    const why = answer.status === 404 ? '404 without a word from nova' : `the answer has no "${key}"`;
    throw new ApiError('unreadable', `GET ${path} at ${endpoint}`, why, { requestId: answer.requestId });
  }

  async #asked(newest: Microversion): Promise<{ endpoint: string; headers: Record<string, string> }> {
    const { endpoint, microversion } = await this.#negotiated();
    const spoken = formatMicroversion(lesserMicroversion(microversion, newest));
    return { endpoint, headers: { 'openstack-api-version': `compute ${spoken}` } };
  }

  /** Negotiated at the first request, and again when that failed. */
  async #negotiated(): Promise<Api> {
    this.#api ??= this.#negotiate();
    const pending = this.#api;
    try {
      return await pending;
    } catch (error) {
      if (this.#api === pending) this.#api = null;
      throw error;
    }
  }

  async #negotiate(): Promise<Api> {
    const address = await this.#client.address();
    const endpoint = versionedEndpoint(address);
    const answer = await this.#client.ask(endpoint, { method: 'GET', path: '/' });
    const document = asFields(asFields(answer.body)?.version);
    const newest = parseMicroversion(document?.version);
    const what = `GET / at ${endpoint}`;
    if (newest === null)
      throw new ApiError('unreadable', what, 'it does not tell its microversions: is this nova?', {
        advice: 'Check the endpoint of compute.',
      });
    if (compareMicroversions(newest, OLDEST) < 0)
      throw new ApiError(
        'too-old',
        what,
        `it speaks ${formatMicroversion(newest)}, ${formatMicroversion(OLDEST)} is needed`,
      );
    return { endpoint, microversion: lesserMicroversion(newest, NEWEST) };
  }
}

/** nova's v2.1 API below an address with or without version, which older catalogs give with a project at its end. */
export function versionedEndpoint(address: string): string {
  const versioned = /^(.*\/v2(?:\.\d+)?)(?:\/[^/]*)?$/.exec(address)?.[1];
  return versioned === undefined ? `${address}/v2.1` : versioned.replace(/\/v2(\.\d+)?$/, '/v2.1');
}
