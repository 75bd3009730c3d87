import type { ApiClient } from './api-client.ts';
import type { Fields } from './fields.ts';

/** All of what the API has to tell; older clients ask for less. */
const NEWEST = { 'openstack-api-version': 'infra-optim latest' };

/** The most that is asked for at once. */
const PAGE = 1_000;

/** One operation of a JSON patch. */
export interface Edit {
  readonly op: 'add' | 'replace' | 'remove';
  readonly path: string;
  readonly value?: unknown;
}

/** The optimizer API (`/v1`): audits, plans and what belongs to them. Collections are named as in its paths. */
export class Optimizer {
  readonly #api: ApiClient;

  constructor(api: ApiClient) {
    this.#api = api;
  }

  /** The full items of a collection that pass the filters, at most `limit`, page by page. */
  async list(collection: string, filters: Fields = {}, limit = Number.POSITIVE_INFINITY): Promise<Fields[]> {
    const items: Fields[] = [];
    let marker: string | null = null;
    do {
      const page = Math.min(PAGE, limit - items.length);
      const query = new URLSearchParams({ limit: String(page), ...(marker === null ? {} : { marker }) });
      for (const [name, value] of Object.entries(filters)) if (value !== undefined) query.set(name, String(value));
      const answer = await this.#api.get<Record<string, Fields[]>>(`/v1/${collection}/detail?${query}`, NEWEST);
      const found = answer[collection] ?? [];
      items.push(...found);
      marker = found.length < page ? null : String(found.at(-1)?.uuid);
    } while (marker !== null && items.length < limit);
    return items.map(withoutLinks);
  }

  async show(collection: string, id: string): Promise<Fields> {
    return withoutLinks(await this.#api.get<Fields>(item(collection, id), NEWEST));
  }

  async create(collection: string, body: Fields): Promise<Fields> {
    return withoutLinks(await this.#api.send<Fields>('POST', `/v1/${collection}`, body, NEWEST));
  }

  async edit(collection: string, id: string, edits: readonly Edit[]): Promise<Fields> {
    return withoutLinks(await this.#api.send<Fields>('PATCH', item(collection, id), edits, NEWEST));
  }

  async delete(collection: string, id: string): Promise<void> {
    await this.#api.send<undefined>('DELETE', item(collection, id), undefined, NEWEST);
  }

  /** Starts an action plan. */
  async start(plan: string): Promise<Fields> {
    return withoutLinks(await this.#api.send<Fields>('POST', `${item('action_plans', plan)}/start`, {}, NEWEST));
  }

  /** Has an EVENT audit run. */
  async call(audit: string): Promise<void> {
    await this.#api.send<undefined>('POST', item('webhooks', audit), {}, NEWEST);
  }

  /** Whether a strategy can be used now, and what it wants for. */
  strategyState(name: string): Promise<Fields[]> {
    return this.#api.get<Fields[]>(`${item('strategies', name)}/state`, NEWEST);
  }
}

function item(collection: string, id: string): string {
  return `/v1/${collection}/${encodeURIComponent(id)}`;
}

/** Links are for programs. */
function withoutLinks({ links: _, ...fields }: Fields): Fields {
  return fields;
}
