import { FakeHttp, type Heard, type Said } from '../openstack/fake-http.ts';

type Row = { readonly id: string } & Record<string, unknown>;

/** A keystone that lets anyone in, with the services, endpoints and regions of its catalogue. */
export class FakeKeystone {
  readonly services: Row[] = [];
  readonly endpoints: Row[] = [];
  readonly regions: Row[] = [{ id: 'one' }];
  #http: FakeHttp | null = null;

  static async start(): Promise<FakeKeystone> {
    const keystone = new FakeKeystone();
    keystone.#http = await FakeHttp.start((heard) => keystone.#answer(heard));
    return keystone;
  }

  /** Variables of an openrc file that name it. */
  get environment(): Record<string, string> {
    return {
      ...{ OS_AUTH_URL: `${this.#http?.url}/v3`, OS_USERNAME: 'admin', OS_PASSWORD: 'secret' },
      ...{ OS_PROJECT_NAME: 'admin', OS_USER_DOMAIN_ID: 'default', OS_PROJECT_DOMAIN_ID: 'default' },
    };
  }

  async stop(): Promise<void> {
    await this.#http?.stop();
  }

  /** What was written, in order. */
  written(): string[] {
    return (this.#http?.paths() ?? []).filter((path) => !path.startsWith('GET') && !path.endsWith('/auth/tokens'));
  }

  #answer({ method, path, query, body }: Heard): Said {
    if (path === '/v3/auth/tokens') return token();
    const [, , collection = '', id] = path.split('/');
    const rows = { services: this.services, endpoints: this.endpoints, regions: this.regions }[collection];
    if (rows === undefined) return { status: 404 };
    const noun = collection.slice(0, -1);
    const given = (body as Record<string, Record<string, unknown>> | null)?.[noun] ?? {};
    if (method === 'GET') {
      const found = rows.filter((row) => [...query].every(([name, value]) => row[name] === value));
      return { body: { [collection]: found } };
    }
    if (method === 'POST') {
      const row = { id: `${noun}-${rows.length + 1}`, ...given };
      rows.push(row);
      return { status: 201, body: { [noun]: row } };
    }
    const at = rows.findIndex((row) => row.id === id);
    const row = { ...rows[at], ...given, id: id ?? '' };
    rows[at] = row;
    return { body: { [noun]: row } };
  }
}

function token(): Said {
  const expires = new Date(Date.now() + 3_600_000).toISOString();
  return {
    status: 201,
    headers: { 'x-subject-token': 'token' },
    body: { token: { expires_at: expires, issued_at: new Date().toISOString(), catalog: [], roles: [] } },
  };
}
