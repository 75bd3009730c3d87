import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createSimulatedCloud, type Rest, type RestFault, type SimulatedCloud } from '../../../sim/index.ts';
import { die } from '../../../sim/operations/host-failure.ts';
import type { Instance } from '../../../sim/state/types.ts';
import { type Client, call, clientOf } from './client.ts';

interface Server {
  readonly id: string;
  readonly status: string;
  readonly name: string;
  readonly 'OS-EXT-SRV-ATTR:host': string | null;
  readonly flavor: { readonly original_name: string };
}

let cloud: SimulatedCloud;
let rest: Rest;
let client: Client;
let fault: ((method: string, path: string) => RestFault | null) | null;
let downCell: ((instance: Instance) => boolean) | null;

beforeEach(async () => {
  fault = null;
  downCell = null;
  cloud = createSimulatedCloud({ hosts: 6, instances: 30, operationsPerSecond: 0, seed: 5 });
  rest = await cloud.rest({
    faults: {
      fault: (method, path) => fault?.(method, path) ?? null,
      isInDownCell: (instance) => downCell?.(instance) === true,
    },
  });
  client = await clientOf(rest);
});
afterEach(() => rest.close());

/** Follows the pages of a list to its end. */
async function allServers(query: string): Promise<Server[]> {
  const servers: Server[] = [];
  for (let path: string | undefined = `/servers/detail?${query}`; path !== undefined; ) {
    const { body } = await client.compute('GET', path);
    const page = body as { servers: Server[]; servers_links?: { href: string }[] };
    servers.push(...page.servers);
    path = page.servers_links?.[0]?.href.replace(`${rest.url}/compute/v2.1`, '');
  }
  return servers;
}

function anActive(): Instance {
  const instance = [...cloud.cloud.instances.inState('active')].find(
    ({ row, group, pinnedZone }) => row.flavor.name === 'm1.small' && group === null && pinnedZone === null,
  );
  if (instance === undefined) throw new Error('no such instance');
  return instance;
}

function act(instance: Instance, body: object, version = '2.100') {
  return client.compute('POST', `/servers/${instance.row.uuid}/action`, body, version);
}

function truthOf(instance: Instance) {
  return cloud.truth().instances.find(({ uuid }) => uuid === instance.row.uuid);
}

describe('lists of servers', () => {
  test('page through all of them once, from the newest to the oldest', async () => {
    const servers = await allServers('all_tenants=1&limit=7');
    expect(servers.map(({ id }) => id).sort()).toEqual(cloud.truth().instances.map(({ uuid }) => uuid));
    expect(servers[0]?.name).toBe('vm-30');
    expect(servers.at(-1)?.name).toBe('vm-1');
  });

  test('show where the truth has them', async () => {
    for (const server of await allServers('all_tenants=1')) {
      const truth = cloud.truth().instances.find(({ uuid }) => uuid === server.id);
      expect(server['OS-EXT-SRV-ATTR:host']).toBe(truth?.host);
      expect(server.flavor.original_name).toBe(truth?.flavor);
    }
  });

  test('since a time hold what changed at or after it, deleted ones too', async () => {
    const [moved, gone] = [anActive(), [...cloud.cloud.instances.inState('stopped')][0]];
    const since = new Date(cloud.now()).toISOString();
    await act(moved, { lock: null });
    await client.compute('DELETE', `/servers/${gone?.row.uuid}`);
    cloud.settle();
    const changed = await allServers(`all_tenants=1&changes-since=${since}`);
    expect(changed.map(({ id, status }) => [id, status]).sort()).toEqual(
      [
        [moved.row.uuid, 'ACTIVE'],
        [gone?.row.uuid, 'DELETED'],
      ].sort(),
    );
    expect((await allServers('all_tenants=1')).map(({ id }) => id)).not.toContain(gone?.row.uuid);
    expect((await allServers('all_tenants=1&deleted=true')).map(({ id }) => id)).toEqual([gone?.row.uuid]);
  });

  test('of a project hold that project’s, and all are for administrators only', async () => {
    const tenant = await clientOf(rest, 'tenant-1');
    const { body } = await tenant.compute('GET', '/servers/detail');
    const mine = cloud.cloud.fabric.tenants[0]?.projectId;
    const expected = cloud.truth().instances.filter(({ project_id }) => project_id === mine);
    expect((body as { servers: Server[] }).servers.map(({ id }) => id).sort()).toEqual(
      expected.map(({ uuid }) => uuid),
    );
    expect((body as { servers: Server[] }).servers[0]).not.toHaveProperty('OS-EXT-SRV-ATTR:host');
    expect((await tenant.compute('GET', '/servers/detail?all_tenants=1')).status).toBe(403);
  });

  test('show only the ids of servers in a cell that is down', async () => {
    downCell = ({ row }) => row.host === 'compute-0001';
    const servers = await allServers('all_tenants=1');
    const unknown = servers.filter(({ status }) => status === 'UNKNOWN').map(({ id }) => id);
    expect(unknown.sort()).toEqual(cloud.truth().hosts[0]?.instances);
    expect(servers).toHaveLength(30);
  });
});

describe('actions are done', () => {
  test('a live migration to a host asked for', async () => {
    const instance = anActive();
    const target = [...cloud.cloud.hosts.values()].find(({ name }) => name !== instance.row.host)?.name;
    const sent: string[] = [];
    cloud.onEmission(({ eventType, requestId }) => sent.push(`${eventType} ${requestId}`));
    const answer = await act(instance, { 'os-migrateLive': { host: target, block_migration: 'auto' } });
    expect(answer.status).toBe(202);
    const busy = await client.compute('GET', `/servers/${instance.row.uuid}`);
    expect(busy.body).toMatchObject({ server: { status: 'MIGRATING' } });
    expect((await act(instance, { 'os-stop': null })).status).toBe(409);
    cloud.settle();
    expect(truthOf(instance)).toMatchObject({ host: target, task_state: null });
    const request = answer.headers.get('x-openstack-request-id');
    expect(sent).toContain(`instance.live_migration_post_dest.end ${request}`);
    const { body } = await client.compute('GET', '/os-migrations');
    expect(body).toMatchObject({ migrations: [{ status: 'completed', dest_compute: target }] });
  });

  test('a page goes on behind a migration that has another status by then', async () => {
    await act(anActive(), { 'os-migrateLive': { host: null, block_migration: 'auto' } });
    cloud.advance(3);
    const running = '/os-migrations?status=running&limit=1';
    const { body } = await client.compute('GET', running);
    const [migration] = (body as { migrations: { uuid: string }[] }).migrations;
    cloud.settle();
    const next = await client.compute('GET', `${running}&marker=${migration?.uuid}`);
    expect(next).toMatchObject({ status: 200, body: { migrations: [] } });
  });

  test('one that is aborted stays', async () => {
    const instance = anActive();
    const { host } = instance.row;
    await act(instance, { 'os-migrateLive': { host: null, block_migration: 'auto' } });
    cloud.advance(3);
    const path = `/servers/${instance.row.uuid}/migrations`;
    const { body } = await client.compute('GET', path);
    const [migration] = (body as { migrations: { id: number; status: string }[] }).migrations;
    expect(migration?.status).toBe('running');
    expect((await client.compute('DELETE', `${path}/${migration?.id}`)).status).toBe(202);
    cloud.settle();
    expect(truthOf(instance)).toMatchObject({ host, state: 'active', task_state: null });
    expect((await client.compute('DELETE', `${path}/${migration?.id}`)).status).toBe(404);
  });

  test('a resize holds both ends in placement until it is confirmed', async () => {
    const instance = anActive();
    const source = cloud.cloud.hosts.get(instance.row.host ?? '');
    await act(instance, { resize: { flavorRef: '3' } });
    cloud.settle();
    const { body: migrations } = await client.compute('GET', '/os-migrations');
    const [{ uuid, status }] = (migrations as { migrations: [{ uuid: string; status: string }] }).migrations;
    expect(status).toBe('finished');
    const held = async (consumer: string) => {
      const { body } = await client.placement(`/allocations/${consumer}`);
      const { allocations } = body as { allocations: Record<string, { resources: Record<string, number> }> };
      return Object.entries(allocations).map(([provider, { resources }]) => [provider, resources.VCPU]);
    };
    expect(await held(uuid)).toEqual([[source?.nodeUuid, 1]]);
    expect((await held(instance.row.uuid)).map(([, vcpus]) => vcpus)).toEqual([2]);
    expect((await act(instance, { confirmResize: null })).status).toBe(204);
    cloud.settle();
    expect(await held(uuid)).toEqual([]);
    expect(truthOf(instance)).toMatchObject({ state: 'active', flavor: 'm1.medium' });
  });

  test('of a dead host nothing is told but by its heartbeat, and then its servers can be evacuated', async () => {
    const instance = anActive();
    const host = cloud.cloud.hosts.get(instance.row.host ?? '');
    if (host === undefined) throw new Error('nowhere');
    cloud.cloud.begin(die(cloud.cloud, host));
    cloud.settle();
    const state = async () => {
      const { body } = await client.compute('GET', `/os-services?binary=nova-compute&host=${host.name}`);
      return (body as { services: [{ state: string }] }).services[0].state;
    };
    expect(await state()).toBe('up');
    expect((await act(instance, { evacuate: {} })).status).toBe(400);
    cloud.advance(61);
    expect(await state()).toBe('down');
    expect((await act(instance, { evacuate: {} })).status).toBe(200);
    cloud.settle();
    expect(truthOf(instance)?.host).not.toBe(host.name);
    expect(truthOf(instance)).toMatchObject({ state: 'stopped', task_state: null });
  });

  test('a new server boots where the truth then has it', async () => {
    const server = { name: 'new', flavorRef: '1', imageRef: cloud.cloud.fabric.images[0]?.id, networks: 'none' };
    const { status, body } = await client.compute('POST', '/servers', { server });
    expect(status).toBe(202);
    cloud.settle();
    const { id } = (body as { server: { id: string } }).server;
    const shown = await client.compute('GET', `/servers/${id}`);
    const truth = cloud.truth().instances.find(({ uuid }) => uuid === id);
    expect(truth?.state).toBe('active');
    expect(shown.body).toMatchObject({ server: { status: 'ACTIVE', 'OS-EXT-SRV-ATTR:host': truth?.host } });
  });

  test('placement’s usages are the sum of what the servers there take', async () => {
    for (const { nodeUuid, name } of cloud.cloud.fabric.hosts) {
      const { body } = await client.placement(`/resource_providers/${nodeUuid}/usages`);
      const there = [...cloud.cloud.instances.onHost(name)];
      const sum = (of: (instance: Instance) => number): number => there.reduce((total, one) => total + of(one), 0);
      expect(body).toMatchObject({
        usages: {
          VCPU: sum(({ row }) => row.flavor.vcpus),
          MEMORY_MB: sum(({ row }) => row.flavor.memoryMb),
          DISK_GB: sum(
            ({ row: { flavor, image } }) =>
              (image === null ? 0 : flavor.rootGb) + flavor.ephemeralGb + Math.ceil(flavor.swapMb / 1024),
          ),
        },
      });
    }
  });
});

describe('every answer', () => {
  test('tells virtual time, a request id and the microversion', async () => {
    const { headers } = await client.compute('GET', '/os-services', undefined, '2.53');
    expect(Date.parse(headers.get('date') ?? '')).toBe(Math.floor(cloud.now() / 1000) * 1000);
    expect(headers.get('openstack-api-version')).toBe('compute 2.53');
    expect(headers.get('x-openstack-request-id')).toMatch(/^req-[0-9a-f-]{36}$/);
  });

  test('without a token, or with one that is no longer valid, is 401', async () => {
    expect((await call('GET', `${rest.url}/compute/v2.1/servers`)).status).toBe(401);
    expect((await client.compute('GET', '/servers')).status).toBe(200);
    rest.revokeTokens();
    expect((await client.compute('GET', '/servers')).status).toBe(401);
    const again = await clientOf(rest);
    cloud.advance(3601);
    expect((await again.placement('/resource_providers')).status).toBe(401);
  });

  test('to what makes no sense is a 4xx that says why', async () => {
    const instance = anActive();
    const answers = await Promise.all([
      client.compute('GET', '/servers', undefined, '2.999'),
      client.compute('GET', '/servers', undefined, 'nonsense'),
      client.compute('GET', '/nonsense'),
      client.compute('GET', '/servers/detail?limit=-1'),
      act(instance, { 'os-migrateLive': 'nonsense' }),
      act(instance, { __proto__: null, toString: {} }),
      act(instance, {}),
      client.compute('POST', '/servers', { server: { name: 7 } }),
      client.compute('PUT', '/os-services/x', { status: 'nonsense' }),
      client.placement('/resource_providers/x'),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([406, 400, 404, 400, 400, 400, 400, 400, 404, 404]);
    for (const { body } of answers) expect(JSON.stringify(body)).toMatch(/"(message|detail)":"[^"]{10,}/);
  });
});

describe('faults on demand', () => {
  test('another status, a body of nonsense, and half an answer', async () => {
    fault = () => ({ kind: 'answer', status: 503, body: '{}', headers: { 'retry-after': '1' } });
    const refused = await client.compute('GET', '/servers');
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1']);
    fault = (_, path) => (path.includes('os-services') ? { kind: 'cut', bytes: 100 } : null);
    await expect(client.compute('GET', '/os-services')).rejects.toThrow();
    expect((await client.compute('GET', '/servers')).status).toBe(200);
  });

  test('no answer at all, and a late one', async () => {
    fault = () => ({ kind: 'hang' });
    const hanging = fetch(`${rest.url}/compute`, { signal: AbortSignal.timeout(200) });
    await expect(hanging).rejects.toThrow(/timeout/);
    fault = () => ({ kind: 'delay', until: sleep(20) });
    expect((await client.compute('GET', '/servers')).status).toBe(200);
  });
});
