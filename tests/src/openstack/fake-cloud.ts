import { FakeHttp, type Heard, type Said } from './fake-http.ts';

type Fields = Record<string, unknown>;

const MINUTE = 60_000;

/** A nova, a placement and a keystone on one port, holding what a test puts into them, in the form of the real ones. */
export class FakeCloud {
  readonly servers = new Map<string, Fields>();
  readonly hypervisors: Fields[] = [];
  readonly services: Fields[] = [];
  readonly aggregates: Fields[] = [];
  readonly serverGroups: Fields[] = [];
  readonly migrations: Fields[] = [];
  readonly providers: Fields[] = [];
  /** By provider: inventories, traits, allocations and usages. */
  readonly provided = new Map<string, Fields>();
  /** nova's own limit of a page. */
  maxPage = 1000;
  microversion = '2.104';
  /** Whether the user has the admin role. */
  admin = true;
  /** Milliseconds a token lives; tokens that are revoked. */
  tokenLife = 60 * MINUTE;
  readonly revoked = new Set<string>();
  tokens = 0;
  #http: FakeHttp | null = null;

  static async start(): Promise<FakeCloud> {
    const cloud = new FakeCloud();
    cloud.#http = await FakeHttp.start((heard) => cloud.#answer(heard));
    return cloud;
  }

  get http(): FakeHttp {
    if (this.#http === null) throw new Error('not started');
    return this.#http;
  }

  get novaUrl(): string {
    return `${this.http.url}/compute/v2.1`;
  }

  get placementUrl(): string {
    return `${this.http.url}/placement`;
  }

  stop(): Promise<void> {
    return this.http.stop();
  }

  #answer(heard: Heard): Said {
    if (heard.path === '/identity/v3/auth/tokens') return this.#authenticate(heard);
    if (heard.path === '/compute/v2.1/')
      return { body: { version: { id: 'v2.1', version: this.microversion, min_version: '2.1' } } };
    if (heard.path === '/placement/') return { body: { versions: [{ id: 'v1.0', max_version: '1.39' }] } };
    if (!this.#known(String(heard.headers['x-auth-token'])))
      return { status: 401, body: { error: { message: 'The request you have made requires authentication.' } } };
    if (heard.path.startsWith('/compute/v2.1')) return this.#compute(heard, heard.path.slice('/compute/v2.1'.length));
    return this.#place(heard, heard.path.slice('/placement'.length));
  }

  #known(token: string): boolean {
    return token.startsWith('token-') && !this.revoked.has(token);
  }

  #authenticate(heard: Heard): Said {
    if (!JSON.stringify(heard.body).includes('right-secret'))
      return {
        status: 401,
        body: { error: { code: 401, message: 'The request you have made requires authentication.' } },
      };
    this.tokens += 1;
    const endpoint = (url: string, face: string): Fields => ({ interface: face, region_id: 'one', region: 'one', url });
    const now = Date.now() + this.http.clockOff;
    return {
      status: 201,
      headers: { 'x-subject-token': `token-${this.tokens}` },
      body: {
        token: {
          issued_at: new Date(now).toISOString(),
          expires_at: new Date(now + this.tokenLife).toISOString(),
          catalog: [
            { type: 'compute', endpoints: [endpoint(this.novaUrl, 'public'), endpoint('http://other', 'internal')] },
            { type: 'placement', endpoints: [endpoint(this.placementUrl, 'public')] },
          ],
        },
      },
    };
  }

  #compute(heard: Heard, path: string): Said {
    const { query } = heard;
    const [, kind, id] = path.split('/');
    switch (kind) {
      case 'servers':
        if (query.has('all_tenants') && !this.admin)
          return { status: 403, body: { forbidden: { code: 403, message: 'Policy does not allow it.' } } };
        if (id === undefined || id === 'detail') return this.#page('servers', this.#listed(query), query);
        return this.admin ? one('server', this.servers.get(id)) : one('server', undefined);
      case 'os-services': {
        const host = query.get('host');
        return { body: { services: this.services.filter((one) => host === null || one.host === host) } };
      }
      case 'os-hypervisors':
        if (id === 'detail') return this.#page('hypervisors', this.hypervisors, query);
        return one(
          'hypervisor',
          this.hypervisors.find((hypervisor) => hypervisor.id === id),
        );
      case 'os-aggregates':
        if (id === undefined) return { body: { aggregates: this.aggregates } };
        return one(
          'aggregate',
          this.aggregates.find((aggregate) => String(aggregate.id) === id),
        );
      case 'os-server-groups': {
        if (id !== undefined)
          return one(
            'server_group',
            this.serverGroups.find((group) => group.id === id),
          );
        const offset = Number(query.get('offset') ?? 0);
        return { body: { server_groups: this.serverGroups.slice(offset, offset + this.#limit(query)) } };
      }
      case 'os-migrations':
        return this.#page(
          'migrations',
          this.migrations.filter(({ status }) => status === query.get('status')),
          query,
        );
      default:
        return { status: 404, text: '<html>nothing here</html>' };
    }
  }

  /** As nova lists: newest first, soft-deleted ones left out unless changes are asked for. */
  #listed(query: URLSearchParams): Fields[] {
    const since = query.get('changes-since');
    const host = query.get('host');
    return [...this.servers.values()].reverse().filter((server) => {
      const state = server['OS-EXT-STS:vm_state'];
      if (host !== null && server['OS-EXT-SRV-ATTR:host'] !== host) return false;
      if (since === null) return state !== 'soft-delete' && state !== 'deleted';
      return String(server.updated) >= since;
    });
  }

  #page(key: string, items: readonly Fields[], query: URLSearchParams): Said {
    const marker = query.get('marker');
    const after = marker === null ? -1 : items.findIndex((item) => (item.uuid ?? item.id) === marker);
    if (marker !== null && after < 0)
      return { status: 400, body: { badRequest: { code: 400, message: `marker [${marker}] not found` } } };
    return { body: { [key]: items.slice(after + 1, after + 1 + this.#limit(query)) } };
  }

  #limit(query: URLSearchParams): number {
    return Math.min(Number(query.get('limit') ?? this.maxPage), this.maxPage);
  }

  #place(heard: Heard, path: string): Said {
    const [, , id, part] = path.split('/');
    if (id === undefined) {
      const tree = heard.query.get('in_tree');
      const fits = (one: Fields): boolean => tree === null || one.root_provider_uuid === tree || one.uuid === tree;
      return { body: { resource_providers: this.providers.filter(fits) } };
    }
    const provided = this.provided.get(id);
    if (provided === undefined || part === undefined)
      return { status: 404, body: { errors: [{ status: 404, detail: `No resource provider ${id}` }] } };
    return { body: { [part]: provided[part], resource_provider_generation: 1 } };
  }
}

function one(key: string, value: Fields | undefined): Said {
  if (value !== undefined) return { body: { [key]: value } };
  return { status: 404, body: { itemNotFound: { code: 404, message: 'It could not be found.' } } };
}

/** A server as nova shows it with microversion 2.100, somewhere on host-1. */
export function fakeServer(uuid: string, changes: Fields = {}): Fields {
  return {
    id: uuid,
    name: `name-${uuid}`,
    status: 'ACTIVE',
    tenant_id: 'project-1',
    user_id: 'user-1',
    metadata: {},
    hostId: 'x',
    image: { id: 'image-1', links: [], properties: { hw_machine_type: 'q35' } },
    flavor: {
      original_name: 'm1.small',
      vcpus: 1,
      ram: 2048,
      disk: 20,
      ephemeral: 0,
      swap: 0,
      extra_specs: {},
    },
    created: '2026-11-20T10:00:00Z',
    updated: '2026-11-20T10:00:05Z',
    addresses: {},
    'OS-EXT-AZ:availability_zone': 'nova',
    'OS-SRV-USG:launched_at': '2026-11-20T10:00:05.000000',
    'OS-SRV-USG:terminated_at': null,
    'OS-EXT-SRV-ATTR:host': 'host-1',
    'OS-EXT-SRV-ATTR:hypervisor_hostname': 'node-1',
    'OS-EXT-SRV-ATTR:instance_name': `instance-${uuid}`,
    'OS-EXT-SRV-ATTR:hostname': `name-${uuid}`,
    'OS-EXT-STS:task_state': null,
    'OS-EXT-STS:vm_state': 'active',
    'OS-EXT-STS:power_state': 1,
    'os-extended-volumes:volumes_attached': [],
    locked: false,
    locked_reason: null,
    tags: [],
    pinned_availability_zone: null,
    scheduler_hints: {},
    ...changes,
  };
}
