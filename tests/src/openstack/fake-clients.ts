import pino from 'pino';
import { HttpClient, type HttpWorld } from '../../../src/openstack/http.ts';
import { Nova } from '../../../src/openstack/nova.ts';
import { HTTP_DEFAULTS, type OpenStackOptions } from '../../../src/openstack/options.ts';
import { Placement } from '../../../src/openstack/placement.ts';
import { Session } from '../../../src/openstack/session.ts';
import type { FakeCloud } from './fake-cloud.ts';

/** Options that a fake cloud lets in. */
export function optionsFor(cloud: FakeCloud, changes: Partial<OpenStackOptions> = {}): OpenStackOptions {
  return {
    credentials: {
      kind: 'password',
      authUrl: `${cloud.http.url}/identity`,
      user: { name: 'admin', domain: { id: 'default' } },
      password: 'right-secret',
      scope: { kind: 'project', project: { name: 'admin', domain: { id: 'default' } } },
    },
    region: null,
    interface: 'public',
    endpoints: {},
    tls: { cacert: null, cert: null, key: null, verify: true },
    ...changes,
  };
}

export interface FakeClients {
  readonly http: HttpClient;
  readonly session: Session;
  readonly nova: Nova;
  readonly placement: Placement;
}

/** The real clients, without real waiting between tries. */
export function clientsOf(options: OpenStackOptions, world: Partial<HttpWorld> = {}): FakeClients {
  const log = pino({ level: 'silent' });
  const settings = { ...HTTP_DEFAULTS, timeoutSeconds: 2 };
  const http = new HttpClient(settings, { rejectUnauthorized: true }, log, { sleep: async () => {}, ...world });
  const session = new Session(http, options, log, world.now);
  return { http, session, nova: new Nova(session), placement: new Placement(session) };
}
