import { ApiError } from './errors.ts';
import type { Nova } from './nova.ts';
import { asFields, type Fields, type ReadOptions, withQuery } from './reading-client.ts';

const MOST_FLAVORS = 1_000;

/**
 * What is asked of nova that changes the cloud, as an administrator. Each resolves, with the id of the request, once nova took
 * it; how it goes on is told by notifications. Throws ApiError.
 */
export class NovaControl {
  readonly #nova: Nova;

  constructor(nova: Nova) {
    this.#nova = nova;
  }

  /** Null: nova chooses the host. */
  liveMigrate(server: string, host: string | null, options: ReadOptions = {}): Promise<string> {
    return this.#act(server, { 'os-migrateLive': { host, block_migration: 'auto' } }, options);
  }

  /** Moves a server while it is stopped; it then waits to be confirmed. Null: nova chooses the host. */
  migrate(server: string, host: string | null, options: ReadOptions = {}): Promise<string> {
    return this.#act(server, { migrate: host === null ? null : { host } }, options);
  }

  resize(server: string, flavorId: string, options: ReadOptions = {}): Promise<string> {
    return this.#act(server, { resize: { flavorRef: flavorId } }, options);
  }

  confirmResize(server: string, options: ReadOptions = {}): Promise<string> {
    return this.#act(server, { confirmResize: null }, options);
  }

  revertResize(server: string, options: ReadOptions = {}): Promise<string> {
    return this.#act(server, { revertResize: null }, options);
  }

  stop(server: string, options: ReadOptions = {}): Promise<string> {
    return this.#act(server, { 'os-stop': null }, options);
  }

  start(server: string, options: ReadOptions = {}): Promise<string> {
    return this.#act(server, { 'os-start': null }, options);
  }

  /** Stops a live migration under way, by its number. False when it is not under way any more. */
  async abortLiveMigration(server: string, migration: number, options: ReadOptions = {}): Promise<boolean> {
    const path = `/servers/${encodeURIComponent(server)}/migrations/${migration}`;
    const { status } = await this.#nova.ask({ method: 'DELETE', path, accept: [400, 404, 409] }, options);
    return status < 400;
  }

  /** Lets nova place servers on a host, or no longer; `service` is the uuid of its nova-compute. */
  async setService(
    service: string,
    disabled: boolean,
    reason: string | null,
    options: ReadOptions = {},
  ): Promise<string> {
    const body = disabled
      ? { status: 'disabled', disabled_reason: reason ?? 'disabled by Vigil' }
      : { status: 'enabled' };
    const path = `/os-services/${encodeURIComponent(service)}`;
    return (await this.#nova.ask({ method: 'PUT', path, body }, options)).requestId;
  }

  /** The id of a flavor given by id or name; null when there is none. */
  async flavorId(flavor: string, options: ReadOptions = {}): Promise<string | null> {
    const byId = await this.#nova.ask(
      { method: 'GET', path: `/flavors/${encodeURIComponent(flavor)}`, accept: [404] },
      options,
    );
    if (byId.status !== 404) return flavor;
    const path = withQuery('/flavors', { is_public: 'None', limit: MOST_FLAVORS });
    const { body } = await this.#nova.ask({ method: 'GET', path }, options);
    const all = asFields(body)?.flavors;
    if (!Array.isArray(all)) throw new ApiError('unreadable', 'GET /flavors', 'the answer has no list "flavors"');
    const named = all.map(asFields).find((one) => one?.name === flavor);
    return typeof named?.id === 'string' ? named.id : null;
  }

  async #act(server: string, body: Fields, options: ReadOptions): Promise<string> {
    const path = `/servers/${encodeURIComponent(server)}/action`;
    return (await this.#nova.ask({ method: 'POST', path, body }, options)).requestId;
  }
}
