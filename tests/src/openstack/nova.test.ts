import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isApiError } from '../../../src/openstack/errors.ts';
import { versionedEndpoint } from '../../../src/openstack/nova.ts';
import { clientsOf, type FakeClients, optionsFor } from './fake-clients.ts';
import { FakeCloud, fakeServer } from './fake-cloud.ts';

let cloud: FakeCloud;
let clients: FakeClients;

beforeEach(async () => {
  cloud = await FakeCloud.start();
  clients = clientsOf(optionsFor(cloud));
});

afterEach(async () => {
  await clients.http.close();
  await cloud.stop();
});

async function uuids(pageSize: number): Promise<unknown[][]> {
  const pages: unknown[][] = [];
  for await (const page of clients.nova.servers({}, pageSize)) pages.push(page.items.map(({ id }) => id));
  return pages;
}

const put = (...ids: string[]): void => {
  for (const id of ids) cloud.servers.set(id, fakeServer(id));
};

async function failure(asked: Promise<unknown>): Promise<Error> {
  return asked.then(
    () => Promise.reject(new Error('it did not fail')),
    (error) => error as Error,
  );
}

describe('the microversion', () => {
  it('is the newest that both know', async () => {
    expect(await clients.nova.version()).toEqual({ microversion: '2.100', lacks: [] });
    await clients.nova.aggregates();
    expect(cloud.http.heard.at(-1)?.headers['openstack-api-version']).toBe('compute 2.100');
  });

  it('of an older nova is its own, and it is told what that lacks', async () => {
    cloud.microversion = '2.90';
    expect(await clients.nova.version()).toEqual({
      microversion: '2.90',
      lacks: ['scheduler hints', 'image properties', 'pinned availability zones'],
    });
  });

  it('for hypervisors is the last that tells their sizes', async () => {
    for await (const { items } of clients.nova.hypervisors(10)) expect(items).toEqual([]);
    expect(cloud.http.heard.at(-1)?.headers['openstack-api-version']).toBe('compute 2.87');
  });

  it('that is too old for us is an error', async () => {
    cloud.microversion = '2.42';
    const error = await failure(clients.nova.aggregates());
    expect(error.message).toContain('it speaks 2.42, 2.53 is needed');
  });

  it('is asked for again after a failure', async () => {
    cloud.http.faults.push({ match: ({ path }) => path === '/compute/v2.1/', times: 4, say: { status: 500 } });
    expect(isApiError(await failure(clients.nova.version()), 'server-error')).toBe(true);
    expect((await clients.nova.version()).microversion).toBe('2.100');
  });

  it.each([
    ['http://n/compute', 'http://n/compute/v2.1'],
    ['http://n/compute/v2.1', 'http://n/compute/v2.1'],
    ['http://n:8774/v2.1/0123456789abcdef', 'http://n:8774/v2.1'],
    ['http://n:8774/v2/0123456789abcdef', 'http://n:8774/v2.1'],
  ])('is asked for at the right address for a catalog that has %s', (address, endpoint) => {
    expect(versionedEndpoint(address)).toBe(endpoint);
  });
});

describe('listing servers', () => {
  it('asks for those of all projects, page after page', async () => {
    put('a', 'b', 'c', 'd', 'e');
    expect(await uuids(2)).toEqual([['e', 'd'], ['c', 'b'], ['a']]);
    const listed = cloud.http.heard.filter(({ path }) => path.endsWith('/servers/detail'));
    expect(listed.every(({ query }) => query.get('all_tenants') === '1')).toBe(true);
  });

  it('goes on after a page that is shorter than was asked for', async () => {
    put('a', 'b', 'c');
    cloud.maxPage = 1;
    expect(await uuids(1000)).toEqual([['c'], ['b'], ['a']]);
  });

  it('goes on from the one before when the last of a page is purged', async () => {
    put('a', 'b', 'c', 'd');
    const pages: unknown[][] = [];
    for await (const page of clients.nova.servers({}, 2)) {
      pages.push(page.items.map(({ id }) => id));
      cloud.servers.delete('c');
    }
    expect(pages).toEqual([
      ['d', 'c'],
      ['b', 'a'],
    ]);
  });

  it('fails on a listing that does not move on', async () => {
    put('a');
    const page = { servers: [fakeServer('a')] };
    cloud.http.faults.push({ match: ({ path }) => path.endsWith('/detail'), say: { body: page } });
    expect((await failure(uuids(1))).message).toContain('is the page before it again');
  });

  it.each([{ servers: null }, { servers: [1] }, [], 'text', null])('fails on the answer %j', async (body) => {
    cloud.http.faults.push({ match: ({ path }) => path.endsWith('/detail'), say: { text: JSON.stringify(body) } });
    expect(isApiError(await failure(uuids(1)), 'unreadable')).toBe(true);
  });

  it('gets a new token in its middle when the old one ends', async () => {
    put('a', 'b', 'c');
    const pages: unknown[] = [];
    for await (const page of clients.nova.servers({}, 1)) {
      pages.push(...page.items.map(({ id }) => id));
      cloud.revoked.add(`token-${cloud.tokens}`);
    }
    expect(pages).toEqual(['c', 'b', 'a']);
  });

  it('fails for one who may not see all projects', async () => {
    cloud.admin = false;
    expect(isApiError(await failure(uuids(10)), 'forbidden')).toBe(true);
    expect(isApiError(await failure(clients.nova.mustSeeAllProjects()), 'forbidden')).toBe(true);
  });
});

describe('one server', () => {
  it('is told with the reading its facts need', async () => {
    put('a');
    const read = await clients.nova.server('a', { globalRequestId: 'req-mine' });
    expect(read.value).toMatchObject({ id: 'a' });
    const id = `req-${cloud.http.heard.length}`;
    expect(read.reading).toMatchObject({ request: 'GET /servers/a', id, endpoint: cloud.novaUrl });
    expect(cloud.http.heard.at(-1)?.headers['x-openstack-request-id']).toBe('req-mine');
  });

  it('is null when nova says that there is none', async () => {
    expect((await clients.nova.server('a')).value).toBeNull();
  });

  it('is not taken for gone when somebody else answers 404', async () => {
    cloud.http.faults.push({
      match: ({ path }) => path.endsWith('/a'),
      say: { status: 404, text: '<html>404</html>' },
    });
    // A body that is not JSON is tried again, and fails in the end.
    expect(isApiError(await failure(clients.nova.server('a')), 'unreadable')).toBe(true);
    cloud.http.faults[0] = { match: ({ path }) => path.endsWith('/a'), say: { status: 404, body: { detail: 'no' } } };
    expect(isApiError(await failure(clients.nova.server('a')), 'unreadable')).toBe(true);
  });
});

it('lists server groups by offset, to the end', async () => {
  for (const id of ['g1', 'g2', 'g3']) cloud.serverGroups.push({ id });
  const ids: unknown[] = [];
  for await (const page of clients.nova.serverGroups(2)) ids.push(...page.items.map((group) => group.id));
  expect(ids).toEqual(['g1', 'g2', 'g3']);
});

it('lists migrations of a state', async () => {
  cloud.migrations.push({ id: 1, uuid: 'm1', status: 'running' }, { id: 2, uuid: 'm2', status: 'completed' });
  const ids: unknown[] = [];
  for await (const page of clients.nova.migrations('running', 1)) ids.push(...page.items.map(({ uuid }) => uuid));
  expect(ids).toEqual(['m1']);
});

it('knows how far the clock of nova is off, rounded down', async () => {
  const hour = 3_600_000;
  cloud.http.clockOff = hour;
  await clients.nova.aggregates();
  expect(clients.nova.clock.offset).toBeLessThanOrEqual(hour * 1000);
  expect(clients.nova.clock.offset).toBeGreaterThan((hour - 2_500) * 1000);
});
