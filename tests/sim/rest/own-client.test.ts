import pino from 'pino';
import { expect, test } from 'vitest';
import { createSimulatedCloud } from '../../../sim/index.ts';
import { connectOpenStack } from '../../../src/openstack/connect.ts';

/** All items of the pages of a list. */
async function all(pages: AsyncIterable<{ readonly items: readonly unknown[] }>): Promise<Record<string, unknown>[]> {
  const items: unknown[] = [];
  for await (const page of pages) items.push(...page.items);
  return items as Record<string, unknown>[];
}

test('Vigil’s own clients read the simulated cloud as any other, and find the truth', async () => {
  const cloud = createSimulatedCloud({ hosts: 15, instances: 120, operationsPerSecond: 10 });
  cloud.advance(60);
  const rest = await cloud.rest();
  const { auth_url: authUrl, username, password, project_name: project, region_name: region } = rest.credentials;
  const domain = { id: 'default' };
  const { nova, placement, close } = await connectOpenStack(
    {
      credentials: {
        kind: 'password',
        authUrl,
        user: { name: username, domain },
        password,
        scope: { kind: 'project', project: { name: project, domain } },
      },
      region,
      interface: 'public',
      endpoints: {},
      tls: { cacert: null, cert: null, key: null, verify: true },
    },
    pino({ level: 'silent' }),
  );
  const truth = cloud.truth();
  expect(await nova.version()).toEqual({ microversion: '2.100', lacks: [] });
  await nova.mustSeeAllProjects();
  const servers = await all(nova.servers({}, 50));
  const alive = truth.instances.filter(({ deleted }) => !deleted);
  const held = servers.map((server) => [server.id, server['OS-EXT-SRV-ATTR:host'], server['OS-EXT-STS:vm_state']]);
  expect(held.sort()).toEqual(alive.map(({ uuid, host, state }) => [uuid, host, state]).sort());
  const hypervisors = await all(nova.hypervisors(4));
  expect(hypervisors.map((one) => one.hypervisor_hostname)).toEqual(truth.hosts.map(({ node }) => node));
  const services = (await nova.services(null)).value;
  expect(services.map(({ host }) => host)).toEqual(truth.hosts.map(({ name }) => name));
  expect((await nova.aggregates()).value.map(({ uuid }) => uuid)).toEqual(truth.aggregates.map(({ uuid }) => uuid));
  const groups = await all(nova.serverGroups(2));
  expect(groups.map(({ id }) => id)).toEqual(truth.server_groups.map(({ uuid }) => uuid));
  const completed = await all(nova.migrations('completed', 10));
  expect(completed.length).toBeGreaterThan(20);
  const providers = (await placement.providers(null)).value;
  expect(providers.map(({ name }) => name)).toEqual(truth.hosts.map(({ node }) => node));
  const first = String(providers[0]?.uuid);
  expect((await placement.providers(first)).value).toHaveLength(1);
  expect((await placement.inventories(first)).value).toHaveProperty('VCPU.allocation_ratio', 4);
  expect((await placement.traits(first)).value).toContain('COMPUTE_NODE');
  expect(Object.keys((await placement.allocations(first)).value ?? {})).toEqual(
    expect.arrayContaining([...(truth.hosts[0]?.instances ?? [])]),
  );
  expect((await placement.usages('7d0ddfcb-20a8-4171-bbc2-7a87d0cb0d71')).value).toBeNull();
  await close();
  await rest.close();
});
