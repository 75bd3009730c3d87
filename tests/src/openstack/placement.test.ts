import { afterEach, beforeEach, expect, it } from 'vitest';
import { isApiError } from '../../../src/openstack/errors.ts';
import { clientsOf, type FakeClients, optionsFor } from './fake-clients.ts';
import { FakeCloud } from './fake-cloud.ts';

let cloud: FakeCloud;
let clients: FakeClients;

beforeEach(async () => {
  cloud = await FakeCloud.start();
  clients = clientsOf(optionsFor(cloud));
  cloud.providers.push({ uuid: 'p1', name: 'node-1', root_provider_uuid: 'p1', generation: 3 });
  cloud.providers.push({ uuid: 'p2', name: 'node-2', root_provider_uuid: 'p2', generation: 3 });
  cloud.provided.set('p1', {
    inventories: { VCPU: { total: 8, reserved: 0, allocation_ratio: 4 } },
    traits: ['HW_CPU_X86_AVX2'],
    allocations: { i1: { resources: { VCPU: 2 } } },
    usages: { VCPU: 2 },
  });
});

afterEach(async () => {
  await clients.http.close();
  await cloud.stop();
});

it('lists resource providers, all or those of a tree', async () => {
  const names = async (tree: string | null): Promise<unknown[]> =>
    (await clients.placement.providers(tree)).value.map(({ name }) => name);
  expect(await names(null)).toEqual(['node-1', 'node-2']);
  expect(await names('p2')).toEqual(['node-2']);
  expect(cloud.http.heard.at(-1)?.headers['openstack-api-version']).toBe('placement 1.39');
});

it('tells what a provider has, is like, and what is claimed of it', async () => {
  const { placement } = clients;
  expect((await placement.inventories('p1')).value).toMatchObject({ VCPU: { total: 8 } });
  expect((await placement.traits('p1')).value).toEqual(['HW_CPU_X86_AVX2']);
  expect((await placement.allocations('p1')).value).toEqual({ i1: { resources: { VCPU: 2 } } });
  expect((await placement.usages('p1')).value).toEqual({ VCPU: 2 });
});

it('tells when a provider is gone', async () => {
  expect((await clients.placement.inventories('p9')).value).toBeNull();
  expect((await clients.placement.traits('p9')).value).toBeNull();
});

it('takes nothing else for an answer', async () => {
  cloud.http.faults.push({ match: ({ path }) => path.endsWith('/traits'), times: 1, say: { body: { traits: 'all' } } });
  const failed = await clients.placement.traits('p1').catch((error: unknown) => error);
  expect(isApiError(failed, 'unreadable')).toBe(true);
  cloud.http.faults.push({ match: ({ path }) => path.endsWith('/usages'), say: { status: 404, body: {} } });
  expect(isApiError(await clients.placement.usages('p1').catch((error: unknown) => error), 'unreadable')).toBe(true);
});
