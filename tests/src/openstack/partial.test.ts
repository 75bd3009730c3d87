import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { clientsOf, type FakeClients, optionsFor } from './fake-clients.ts';
import { FakeCloud } from './fake-cloud.ts';

let cloud: FakeCloud;
let clients: FakeClients;

beforeEach(async () => {
  cloud = await FakeCloud.start();
  cloud.http.faults.push({
    match: ({ path }) => /os-server-groups|os-migrations|allocations$|servers$|servers\/gone$/.test(path),
    say: { status: 404, text: '<html>404 Not Found</html>' },
  });
  cloud.http.faults.unshift({
    match: ({ path }) => /allocations$|servers\/gone$/.test(path),
    say: { status: 404, body: { code: 404, title: 'Not Found' } },
  });
  clients = clientsOf(optionsFor(cloud, { partial: true }));
});

afterEach(async () => {
  await clients.http.close();
  await cloud.stop();
});

describe('an emulator that knows only a part of its API', () => {
  it('has none of what it does not know', async () => {
    for await (const { items } of clients.nova.serverGroups(10)) expect(items).toEqual([]);
    for await (const { items } of clients.nova.migrations('running', 10)) expect(items).toEqual([]);
    expect((await clients.nova.migrationsOf('a', 1)).value).toEqual([]);
    await clients.nova.mustSeeAllProjects();
    expect((await clients.nova.server('gone')).value).toBeNull();
    cloud.providers.push({ uuid: 'p', name: 'p' });
    expect((await clients.placement.allocations('p')).value).toEqual({});
  });

  it('may give a whole list whatever marker it is asked for', async () => {
    cloud.hypervisors.push({ id: 'h', hypervisor_hostname: 'h' });
    cloud.http.faults.push({
      match: ({ path }) => path.endsWith('/os-hypervisors/detail'),
      say: { body: { hypervisors: [{ id: 'h', hypervisor_hostname: 'h' }] } },
    });
    const pages: number[] = [];
    for await (const { items } of clients.nova.hypervisors(10)) pages.push(items.length);
    expect(pages).toEqual([1]);
  });

  it('is not what a cloud may be without saying so', async () => {
    const strict = clientsOf(optionsFor(cloud));
    await expect(strict.nova.migrationsOf('a', 1)).rejects.toThrow('404');
    await strict.http.close();
  });
});
