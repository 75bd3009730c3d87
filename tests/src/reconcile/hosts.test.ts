import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { claimedOn } from '../../../model/host.ts';
import type { PassKind } from '../../../src/reconcile/collector.ts';
import { ComputeCollector } from '../../../src/reconcile/compute-collector.ts';
import type { Pass } from '../../../src/reconcile/pass.ts';
import { factsOfMissingAggregate } from '../../../streams/reading/aggregate.ts';
import { factsOfMissingService } from '../../../streams/reading/host.ts';
import { stampOf } from '../../../streams/reading/read.ts';
import { fakeServer } from '../openstack/fake-cloud.ts';
import { Lab } from './lab.ts';

let lab: Lab;
let collector: ComputeCollector;

beforeEach(async () => {
  lab = await Lab.open();
  collector = new ComputeCollector();
});

afterEach(() => lab.close());

async function run(kind: PassKind): Promise<Pass & { complete: boolean }> {
  const pass = lab.pass();
  const complete = await collector.run(kind, pass);
  await pass.replicated();
  return Object.assign(pass, { complete });
}

const service = (host: string, changes: Record<string, unknown> = {}): Record<string, unknown> => ({
  id: `service-${host}`,
  binary: 'nova-compute',
  host,
  status: 'enabled',
  state: 'up',
  disabled_reason: null,
  forced_down: false,
  ...changes,
});

const hypervisor = (host: string, node: string, uuid: string): Record<string, unknown> => ({
  id: uuid,
  hypervisor_hostname: node,
  hypervisor_type: 'QEMU',
  service: { id: `service-${host}`, host, disabled_reason: null },
  vcpus: 8,
  memory_mb: 16_384,
  local_gb: 100,
});

function provider(uuid: string, root: string, vcpus: number, claimed: Record<string, number> = {}): void {
  lab.cloud.providers.push({ uuid, name: uuid, root_provider_uuid: root, parent_provider_uuid: null, generation: 1 });
  lab.cloud.provided.set(uuid, {
    inventories: { VCPU: { total: vcpus, reserved: 0, allocation_ratio: 4 } },
    traits: [`TRAIT_${uuid.toUpperCase()}`],
    allocations: Object.fromEntries(Object.entries(claimed).map(([who, VCPU]) => [who, { resources: { VCPU } }])),
  });
}

function twoHosts(): void {
  lab.cloud.services.push(service('h1'), service('h2', { state: 'down' }));
  lab.cloud.hypervisors.push(hypervisor('h1', 'n1', 'u1'), hypervisor('h2', 'n2', 'u2'));
  provider('u1', 'u1', 8, { i1: 2, m1: 1 });
  provider('u2', 'u2', 16);
}

/** Lets five seconds pass in nova: what the model was told is then old enough to be missed. */
const settle = (): void => {
  lab.cloud.http.clockOff += 5_000;
};

it('a full pass reads services, nodes and what placement holds of them', async () => {
  twoHosts();
  const pass = await run('full');
  expect(pass.problems).toEqual([]);
  expect(lab.model.host('h1')).toMatchObject({
    up: true,
    service: { uuid: 'service-h1', disabled: false },
    nodes: [{ name: 'n1', uuid: 'u1', vcpus: 8, provider: { traits: ['TRAIT_U1'] }, claims: { consumers: 2 } }],
  });
  expect(lab.model.host('h2')?.up).toBe(false);
  const host = lab.model.host('h1');
  expect(host && claimedOn(host)).toMatchObject({ instances: 2, vcpus: 3 });
});

it('several nodes of one host, and providers below them, stay apart', async () => {
  lab.cloud.services.push(service('ironic'));
  lab.cloud.hypervisors.push(hypervisor('ironic', 'b', 'u2'), hypervisor('ironic', 'a', 'u1'));
  provider('u1', 'u1', 8, { i1: 2 });
  provider('gpu', 'u1', 1, { i1: 1 });
  provider('u2', 'u2', 16, { i2: 16 });
  provider('storage', 'storage', 1);
  await run('full');
  expect(lab.model.host('ironic')?.nodes).toMatchObject([
    { name: 'a', provider: { traits: ['TRAIT_GPU', 'TRAIT_U1'] }, claims: { consumers: 1, resources: { VCPU: 3 } } },
    { name: 'b', provider: { traits: ['TRAIT_U2'] }, claims: { consumers: 1, resources: { VCPU: 16 } } },
  ]);
});

it('a poll of services sees what nobody notifies of, and writes nothing else', async () => {
  twoHosts();
  await run('full');
  const before = await lab.store.head();
  await run('services');
  expect(await lab.store.head()).toBe(before);
  lab.cloud.services[1] = service('h2');
  await run('services');
  expect(lab.model.host('h2')?.up).toBe(true);
});

it('a host that is new is read with its node at the next poll, and asked for once only while it has none', async () => {
  twoHosts();
  await run('full');
  lab.cloud.services.push(service('h3'));
  await run('services');
  await run('services');
  const listings = (): number => lab.cloud.http.paths().filter((path) => path.endsWith('os-hypervisors/detail')).length;
  expect(listings()).toBe(4);
  lab.cloud.services.push(service('h4'));
  lab.cloud.hypervisors.push(hypervisor('h4', 'n4', 'u4'));
  provider('u4', 'u4', 4);
  await run('services');
  expect(lab.model.host('h4')?.nodes).toMatchObject([{ name: 'n4', provider: null }]);
  await run('touched');
  expect(lab.model.host('h4')?.nodes).toMatchObject([{ provider: { inventories: { VCPU: { total: 4 } } } }]);
});

describe('what is gone', () => {
  it('is forgotten when nova says so of each: services, nodes, aggregates, groups', async () => {
    twoHosts();
    lab.cloud.aggregates.push({ id: 1, uuid: 'a1', name: 'a', hosts: ['h1'], metadata: {} });
    lab.cloud.serverGroups.push({ id: 'g1', name: 'g', policy: 'affinity', rules: {}, members: [] });
    await run('full');
    expect(lab.model.aggregate('a1')).toBeDefined();
    expect(lab.model.serverGroup('g1')).toBeDefined();
    lab.cloud.services.pop();
    lab.cloud.hypervisors.pop();
    lab.cloud.aggregates.pop();
    lab.cloud.serverGroups.pop();
    settle();
    const pass = await run('full');
    expect(pass.problems).toEqual([]);
    expect(lab.model.host('h2')).toBeUndefined();
    expect(lab.model.aggregate('a1')).toBeUndefined();
    expect(lab.model.serverGroup('g1')).toBeUndefined();
    // With its only service the host is gone, and its node with it.
    expect(pass.counts.gone).toBe(3);
  });

  it('is there again when nova lists it under the same uuid after its end was told', async () => {
    twoHosts();
    lab.cloud.aggregates.push({ id: 1, uuid: 'a1', name: 'one', hosts: ['h1'], metadata: {} });
    await run('full');
    // Well before the reading after it, whose time is rounded down to nova's second.
    const at = (Date.now() - 5_000) * 1_000;
    const reading = { request: 'GET /os-services', id: 'req-1', endpoint: 'nova', sent: at - 1_000_000 };
    const earlier = stampOf(reading, at - 1_000_000, at - 1_000_000);
    await lab.tell([...factsOfMissingService('h1', 'service-h1', earlier), ...factsOfMissingAggregate('a1', earlier)]);
    expect([lab.model.host('h1'), lab.model.aggregate('a1')]).toEqual([undefined, undefined]);
    await run('full');
    expect(lab.model.host('h1')).toMatchObject({ service: { uuid: 'service-h1' }, nodes: [{ name: 'n1' }] });
    expect(lab.model.aggregate('a1')).toMatchObject({ name: 'one', hosts: ['h1'] });
  });

  it('is kept when only the list left it out', async () => {
    twoHosts();
    lab.cloud.serverGroups.push({ id: 'g1', name: 'g', policy: 'affinity', rules: {}, members: [] });
    lab.cloud.aggregates.push({ id: 1, uuid: 'a1', name: 'a', hosts: ['h1'], metadata: {} });
    await run('full');
    settle();
    const lists: [string, unknown][] = [
      ['/os-server-groups', { server_groups: [] }],
      ['/os-aggregates', { aggregates: [] }],
      ['/os-hypervisors/detail', { hypervisors: [] }],
    ];
    for (const [path, body] of lists)
      lab.cloud.http.faults.push({ match: (heard) => heard.path.endsWith(path), say: { body } });
    lab.cloud.http.faults.push({
      match: ({ path, query }) => path.endsWith('/os-services') && !query.has('host'),
      say: { body: { services: [] } },
    });
    const pass = await run('full');
    expect(pass.counts.gone).toBe(0);
    expect(lab.model.host('h2')?.nodes).toHaveLength(1);
    expect(lab.model.serverGroup('g1')).toBeDefined();
    expect(lab.model.aggregate('a1')).toBeDefined();
  });

  it('a number of an aggregate that now is that of another says that the first is gone', async () => {
    lab.cloud.aggregates.push({ id: 1, uuid: 'a1', name: 'a', hosts: [], metadata: {} });
    await run('full');
    lab.cloud.aggregates[0] = { id: 1, uuid: 'a2', name: 'a', hosts: [], metadata: {} };
    settle();
    await run('full');
    expect([...lab.model.aggregates()].map(({ uuid }) => uuid)).toEqual(['a2']);
  });

  it('a node that another host has now leaves the one that had it', async () => {
    lab.cloud.services.push(service('h1'), service('h2'));
    lab.cloud.hypervisors.push(hypervisor('h1', 'n1', 'u1'), hypervisor('h1', 'n2', 'u2'));
    await run('full');
    lab.cloud.hypervisors[1] = hypervisor('h2', 'n2', 'u2');
    settle();
    await run('full');
    expect(lab.model.host('h1')?.nodes.map(({ name }) => name)).toEqual(['n1']);
    expect(lab.model.host('h2')?.nodes.map(({ name }) => name)).toEqual(['n2']);
  });
});

it('hosts of a cell that is down are kept, told of, and keep the pass from being complete', async () => {
  twoHosts();
  await run('full');
  lab.cloud.services[1] = { binary: 'nova-compute', host: 'h2', status: 'UNKNOWN' };
  settle();
  const pass = await run('full');
  expect(pass.complete).toBe(false);
  expect(pass.problems.join()).toContain('1 hosts are in a cell that is down (h2)');
  expect(lab.model.host('h2')?.service?.uuid).toBe('service-h2');
});

describe('placement', () => {
  it('that lacks a provider is told, and the rest is taken', async () => {
    twoHosts();
    lab.cloud.providers.pop();
    const pass = await run('full');
    expect(pass.complete).toBe(true);
    expect(pass.problems.join()).toContain('placement has no resource provider for 1 nodes (n2 of host h2)');
    expect(lab.model.host('h1')?.nodes[0]?.provider).not.toBeNull();
    expect(lab.model.host('h2')?.nodes[0]?.provider).toBeNull();
  });

  it('that fails does not keep nova from being read', async () => {
    twoHosts();
    lab.cloud.http.faults.push({ match: ({ path }) => path.startsWith('/placement'), say: { status: 503 } });
    const pass = await run('full');
    expect(pass.complete).toBe(true);
    expect(pass.problems.join()).toContain('Reading placement: GET / at');
    expect(lab.model.host('h1')?.nodes).toHaveLength(1);
  });

  it('is asked anew, between passes, for hosts on which something happened', async () => {
    twoHosts();
    await run('full');
    lab.cloud.provided.set('u1', { ...lab.cloud.provided.get('u1'), allocations: {} });
    await run('touched');
    expect(lab.model.host('h1')?.nodes[0]?.claims?.consumers).toBe(2);
    collector.touch({ kind: 'host', id: 'h1' }, Date.now() * 1000 - 3e6);
    await run('touched');
    expect(lab.model.host('h1')?.nodes[0]?.claims?.consumers).toBe(0);
  });

  it('is not asked for hosts whose turn was while another process made the passes', async () => {
    twoHosts();
    await run('full');
    lab.cloud.provided.set('u1', { ...lab.cloud.provided.get('u1'), allocations: {} });
    const now = Date.now() * 1000;
    collector.touch({ kind: 'host', id: 'h1' }, now - 3e6);
    collector.passOver(now);
    await run('touched');
    expect(lab.model.host('h1')?.nodes[0]?.claims?.consumers).toBe(2);
    collector.touch({ kind: 'host', id: 'h1' }, now - 3e6);
    await run('touched');
    expect(lab.model.host('h1')?.nodes[0]?.claims?.consumers).toBe(0);
  });
});

it('an instance that is new is read some seconds later for what it was asked to be placed by', async () => {
  await run('full');
  lab.cloud.servers.set('i1', fakeServer('i1', { scheduler_hints: { group: 'g' } }));
  await lab.told('i1', {}, 5);
  collector.touch({ kind: 'instance', id: 'i1' }, Date.now() * 1000 - 3e6);
  await run('touched');
  expect(lab.model.instance('i1')?.constraints?.scheduler_hints).toEqual({ group: ['g'] });
  // Once is enough.
  const asked = (): number => lab.cloud.http.paths().filter((path) => path.endsWith('/servers/i1')).length;
  expect(asked()).toBe(1);
  collector.touch({ kind: 'instance', id: 'i1' }, Date.now() * 1000 - 3e6);
  await run('touched');
  expect(asked()).toBe(1);
});

describe('migrations', () => {
  const migration = (id: number, status: string): Record<string, unknown> => ({
    id,
    uuid: `m${id}`,
    instance_uuid: 'i1',
    migration_type: 'live-migration',
    status,
    source_compute: 'h1',
    source_node: 'n1',
    dest_compute: 'h2',
    dest_node: 'n2',
  });

  it('under way are known, whoever started them, until they end', async () => {
    lab.cloud.servers.set('i1', fakeServer('i1'));
    lab.cloud.migrations.push(migration(2, 'running'), migration(1, 'accepted'));
    await run('full');
    expect(lab.model.instance('i1')?.migration).toMatchObject({ id: 2, status: 'running', dest_host: 'h2' });
    lab.cloud.migrations.splice(0, 2, migration(2, 'completed'));
    settle();
    await run('changes');
    expect(lab.model.instance('i1')?.migration).toBeNull();
  });

  it('of instances that nobody knows make none', async () => {
    lab.cloud.migrations.push(migration(1, 'running'));
    await run('full');
    expect(lab.model.instanceCount()).toBe(0);
  });
});
