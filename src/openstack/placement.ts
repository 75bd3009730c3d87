import { ApiError } from './errors.ts';
import {
  compareMicroversions,
  formatMicroversion,
  lesserMicroversion,
  type Microversion,
  parseMicroversion,
} from './microversion.ts';
import { asFields, type Fields, type Read, ReadingClient, type ReadOptions, withQuery } from './reading-client.ts';
import type { Session } from './session.ts';

const NEWEST: Microversion = { major: 1, minor: 39 };
/** Trees of providers came with it. */
const OLDEST: Microversion = { major: 1, minor: 14 };

/** What is read of placement: each answer with what its facts need. Throws ApiError. */
export class Placement {
  readonly #client: ReadingClient;
  #microversion: Promise<Microversion> | null = null;

  constructor(session: Session) {
    this.#client = new ReadingClient(session, 'placement');
  }

  /** All resource providers (placement has no pages), or those of the tree that one is in. */
  async providers(inTree: string | null, options: ReadOptions = {}): Promise<Read<readonly Fields[]>> {
    const { endpoint, headers } = await this.#asked();
    const path = withQuery('/resource_providers', { in_tree: inTree });
    return this.#client.list(endpoint, { method: 'GET', path, headers, ...options }, 'resource_providers');
  }

  /** What a provider has to give, by resource class. Null when the provider is gone, here and below. */
  inventories(provider: string, options: ReadOptions = {}): Promise<Read<Fields | null>> {
    return this.#of(provider, 'inventories', options);
  }

  /** The names of a provider's traits, under `traits`. */
  async traits(provider: string, options: ReadOptions = {}): Promise<Read<readonly string[] | null>> {
    const read = await this.#answerOf(provider, 'traits', options);
    const list = read.value?.traits;
    if (read.value === null) return { ...read, value: null };
    if (!Array.isArray(list) || !list.every((trait) => typeof trait === 'string'))
      throw this.#unreadable(provider, 'traits', read.reading.id);
    return { ...read, value: list as readonly string[] };
  }

  /** What is claimed of a provider, by consumer: an instance, or a migration that holds what its instance had. */
  allocations(provider: string, options: ReadOptions = {}): Promise<Read<Fields | null>> {
    return this.#of(provider, 'allocations', options);
  }

  /** What is claimed of a provider in all, by resource class. */
  usages(provider: string, options: ReadOptions = {}): Promise<Read<Fields | null>> {
    return this.#of(provider, 'usages', options);
  }

  async #of(provider: string, key: string, options: ReadOptions): Promise<Read<Fields | null>> {
    const read = await this.#answerOf(provider, key, options);
    if (read.value === null) return this.#client.partial && key === 'allocations' ? { ...read, value: {} } : read;
    const value = asFields(read.value[key]);
    if (value === null) throw this.#unreadable(provider, key, read.reading.id);
    return { ...read, value };
  }

  async #answerOf(provider: string, key: string, options: ReadOptions): Promise<Read<Fields | null>> {
    const { endpoint, headers } = await this.#asked();
    const path = `/resource_providers/${encodeURIComponent(provider)}/${key}`;
    const ask = { method: 'GET', path, headers, accept: [404], ...options } as const;
    const answer = await this.#client.ask(endpoint, ask);
    const value = answer.status === 404 ? null : asFields(answer.body);
    const read = { value, ...this.#client.readingOf(endpoint, ask, answer) };
    // placement's own 404 lists its errors; anything else is something in between.
    if (value !== null || this.#client.partial || Array.isArray(asFields(answer.body)?.errors)) return read;
    throw this.#unreadable(provider, key, answer.requestId);
  }

  #unreadable(provider: string, key: string, requestId: string): ApiError {
    const what = `GET /resource_providers/${provider}/${key} of placement`;
    return new ApiError('unreadable', what, `the answer has no "${key}"`, { requestId });
  }

  async #asked(): Promise<{ endpoint: string; headers: Record<string, string> }> {
    const endpoint = await this.#client.address();
    const microversion = await this.#negotiated(endpoint);
    return { endpoint, headers: { 'openstack-api-version': `placement ${formatMicroversion(microversion)}` } };
  }

  async #negotiated(endpoint: string): Promise<Microversion> {
    this.#microversion ??= this.#negotiate(endpoint);
    const pending = this.#microversion;
    try {
      return await pending;
    } catch (error) {
      if (this.#microversion === pending) this.#microversion = null;
      throw error;
    }
  }

  async #negotiate(endpoint: string): Promise<Microversion> {
    const read = await this.#client.list(endpoint, { method: 'GET', path: '/' }, 'versions');
    const newest = parseMicroversion(read.value[0]?.max_version);
    const what = `GET / at ${endpoint}`;
    if (newest === null)
      throw new ApiError('unreadable', what, 'it does not tell its microversions: is this placement?', {
        advice: 'Check the endpoint of placement.',
      });
    if (compareMicroversions(newest, OLDEST) < 0)
      throw new ApiError(
        'too-old',
        what,
        `it speaks ${formatMicroversion(newest)}, ${formatMicroversion(OLDEST)} is needed`,
      );
    return lesserMicroversion(newest, NEWEST);
  }
}
