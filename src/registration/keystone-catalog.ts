import type { Session } from '../openstack/session.ts';
import type { CatalogEndpoint, CatalogService, Registered, Step } from './registration.ts';

/** What clients look for; they do not look at the name, which is the one that deployments of Watcher use. */
const TYPE = 'infra-optim';
const NAME = 'watcher';
const DESCRIPTION = 'Infrastructure optimization (Vigil)';

interface ServiceBody {
  readonly id: string;
  readonly name?: string;
  readonly enabled?: boolean;
}

interface EndpointBody {
  readonly id: string;
  readonly interface: string;
  readonly region_id?: string | null;
  readonly region?: string | null;
  readonly url: string;
  readonly enabled?: boolean;
}

/** keystone's catalogue, as far as the optimizer is concerned. Throws ApiError where keystone refuses. */
export class KeystoneCatalog {
  readonly #session: Session;
  readonly #identity: string;

  /** `identity`: keystone's address with its version. */
  constructor(session: Session, identity: string) {
    this.#session = session;
    this.#identity = identity;
  }

  /** @throws Error when there are several such services: nobody can tell which one clients find */
  async read(): Promise<Registered> {
    const { services } = await this.#ask<{ services: readonly ServiceBody[] }>('GET', `/services?type=${TYPE}`);
    if (services.length > 1) {
      const ids = services.map(({ id, name = '' }) => `${id} (${name})`).join(', ');
      throw new Error(`the catalogue has ${services.length} services of the type ${TYPE}: ${ids}; delete all but one`);
    }
    const [service] = services;
    if (service === undefined) return { service: null, endpoints: [] };
    const path = `/endpoints?service_id=${service.id}`;
    const { endpoints } = await this.#ask<{ endpoints: readonly EndpointBody[] }>('GET', path);
    return { service: serviceOf(service), endpoints: endpoints.map(endpointOf) };
  }

  /** Carries steps out, in their order; each is told of once it is done. */
  async carryOut(steps: readonly Step[], registered: Registered, done: (step: Step) => void): Promise<void> {
    let serviceId = registered.service?.id ?? '';
    for (const step of steps) {
      switch (step.kind) {
        case 'create-service': {
          const service = { type: TYPE, name: NAME, description: DESCRIPTION, enabled: true };
          serviceId = (await this.#ask<{ service: ServiceBody }>('POST', '/services', { service })).service.id;
          break;
        }
        case 'enable-service':
          await this.#ask('PATCH', `/services/${step.id}`, { service: { enabled: true } });
          break;
        case 'create-endpoint': {
          const { interface: face, region, url } = step;
          const endpoint = { service_id: serviceId, interface: face, region_id: region, url, enabled: true };
          await this.#ask('POST', '/endpoints', { endpoint });
          break;
        }
        case 'update-endpoint':
          await this.#ask('PATCH', `/endpoints/${step.id}`, { endpoint: { url: step.url, enabled: true } });
          break;
      }
      done(step);
    }
  }

  /** The regions there are. */
  async regions(): Promise<readonly string[]> {
    const { regions } = await this.#ask<{ regions: readonly { id: string }[] }>('GET', '/regions');
    return regions.map(({ id }) => id);
  }

  async #ask<T>(method: 'GET' | 'POST' | 'PATCH', path: string, body?: unknown): Promise<T> {
    const answer = await this.#session.ask(this.#identity, { method, path, ...(body === undefined ? {} : { body }) });
    return answer.body as T;
  }
}

function serviceOf({ id, name = '', enabled = true }: ServiceBody): CatalogService {
  return { id, name, enabled };
}

function endpointOf({ id, interface: face, region_id, region, url, enabled = true }: EndpointBody): CatalogEndpoint {
  return { id, interface: face, region: region_id ?? region ?? null, url, enabled };
}
