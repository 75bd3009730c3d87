import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isApiError } from '../../../src/openstack/errors.ts';
import type { OpenStackOptions } from '../../../src/openstack/options.ts';
import { identityEndpoint } from '../../../src/openstack/session.ts';
import { clientsOf, type FakeClients, optionsFor } from './fake-clients.ts';
import { FakeCloud } from './fake-cloud.ts';

let cloud: FakeCloud;
const opened: FakeClients[] = [];

beforeEach(async () => {
  cloud = await FakeCloud.start();
});

afterEach(async () => {
  for (const { http } of opened.splice(0)) await http.close();
  await cloud.stop();
});

function open(options: OpenStackOptions = optionsFor(cloud), now?: () => number): FakeClients {
  const clients = clientsOf(options, now === undefined ? {} : { now });
  opened.push(clients);
  return clients;
}

const logins = (): number => cloud.http.paths().filter((path) => path.endsWith('/auth/tokens')).length;

async function failure(asked: Promise<unknown>): Promise<Error> {
  return asked.then(
    () => Promise.reject(new Error('it did not fail')),
    (error) => error as Error,
  );
}

it('asks keystone once for all that want a token at once', async () => {
  const { nova } = open();
  await Promise.all([nova.aggregates(), nova.services(null), nova.version()]);
  expect(logins()).toBe(1);
});

it('gets another token when a service no longer takes the one it has', async () => {
  const { nova } = open();
  await nova.aggregates();
  cloud.revoked.add('token-1');
  await Promise.all([nova.aggregates(), nova.services(null)]);
  expect(logins()).toBe(2);
});

it('says so when a service takes no token', async () => {
  const { nova } = open();
  for (let i = 0; i < 10; i++) cloud.revoked.add(`token-${i}`);
  expect(isApiError(await failure(nova.aggregates()), 'unauthorized')).toBe(true);
  expect(logins()).toBe(2);
});

it('renews a token before it ends, by the length of its life alone', async () => {
  let now = 1_000_000_000_000_000;
  cloud.http.clockOff = -3_600_000;
  cloud.tokenLife = 100_000;
  const { nova } = open(optionsFor(cloud), () => now);
  await nova.aggregates();
  now += 89_000_000;
  await nova.aggregates();
  expect(logins()).toBe(1);
  now += 2_000_000;
  await nova.aggregates();
  expect(logins()).toBe(2);
});

it('tries again at the next request when keystone failed', async () => {
  const { nova } = open();
  cloud.http.faults.push({ match: ({ path }) => path.endsWith('/auth/tokens'), times: 4, say: { status: 503 } });
  expect(isApiError(await failure(nova.aggregates()), 'server-error')).toBe(true);
  await nova.aggregates();
});

it('says which is wrong when keystone refuses, without the secret', async () => {
  const options = optionsFor(cloud);
  const credentials = { ...options.credentials, password: 'wrong-secret' } as OpenStackOptions['credentials'];
  const error = await failure(open({ ...options, credentials }).nova.aggregates());
  expect(error.message).toBe(
    `POST /auth/tokens at ${cloud.http.url}/identity/v3 failed: 401 The request you have made requires authentication. ` +
      '(req-1). Check user, password or application credential, project and domains.',
  );
});

it('asks for what each kind of credentials needs', async () => {
  const authUrl = `${cloud.http.url}/identity/v3`;
  const domain = { name: 'Default' };
  const all: OpenStackOptions['credentials'][] = [
    {
      kind: 'password',
      authUrl,
      user: { id: 'u' },
      password: 'right-secret',
      scope: { kind: 'project', project: { name: 'p', domain } },
    },
    { kind: 'application_credential', authUrl, credential: { id: 'a' }, secret: 'right-secret' },
    {
      kind: 'application_credential',
      authUrl,
      credential: { name: 'a', user: { name: 'u', domain } },
      secret: 'right-secret',
    },
    { kind: 'token', authUrl, token: 'right-secret', scope: { kind: 'system' } },
  ];
  for (const credentials of all) await open({ ...optionsFor(cloud), credentials }).nova.aggregates();
  const bodies = cloud.http.heard.filter(({ path }) => path.endsWith('/auth/tokens')).map(({ body }) => body);
  expect(bodies).toEqual([
    {
      auth: {
        identity: { methods: ['password'], password: { user: { id: 'u', password: 'right-secret' } } },
        scope: { project: { name: 'p', domain } },
      },
    },
    {
      auth: {
        identity: {
          methods: ['application_credential'],
          application_credential: { id: 'a', secret: 'right-secret' },
        },
      },
    },
    {
      auth: {
        identity: {
          methods: ['application_credential'],
          application_credential: { name: 'a', user: { name: 'u', domain }, secret: 'right-secret' },
        },
      },
    },
    {
      auth: {
        identity: { methods: ['token'], token: { id: 'right-secret' } },
        scope: { system: { all: true } },
      },
    },
  ]);
});

describe('an endpoint', () => {
  it('is that of the catalog, by interface and region', async () => {
    expect(await open().session.endpoint('compute')).toBe(cloud.novaUrl);
    const internal = open(optionsFor(cloud, { interface: 'internal', region: 'one' }));
    expect(await internal.session.endpoint('compute')).toBe('http://other');
  });

  it('is the one given, if one is', async () => {
    const { session } = open(optionsFor(cloud, { endpoints: { compute: 'http://mine/v2.1' } }));
    expect(await session.endpoint('compute')).toBe('http://mine/v2.1');
  });

  it('that is not there is told with what is there instead', async () => {
    const error = await failure(open(optionsFor(cloud, { region: 'two' })).session.endpoint('compute'));
    expect(error.message).toBe(
      'Looking for the public endpoint of compute in region two failed: the catalog has public in one, internal in one for it. ' +
        'Correct region and interface, or give the endpoint itself.',
    );
  });
});

it('needs no keystone where endpoints are given and nothing is checked', async () => {
  const { session } = open(optionsFor(cloud, { credentials: { kind: 'none' }, endpoints: { compute: cloud.novaUrl } }));
  const answer = await session.ask(await session.endpoint('compute'), { method: 'GET', path: '/' });
  expect(answer.status).toBe(200);
  expect(cloud.http.heard[0]?.headers['x-auth-token']).toBeUndefined();
  expect((await failure(session.endpoint('placement'))).message).toContain('without keystone there is no catalog');
});

it.each(['http://k/identity', 'http://k/identity/v3', 'http://k/identity/v2.0'])('finds keystone v3 at %s', (url) => {
  expect(identityEndpoint(url)).toBe('http://k/identity/v3');
});
