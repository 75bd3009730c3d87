import { setTimeout as pause } from 'node:timers/promises';
import type { Scene } from '../scene.ts';
import type { Step } from './step.ts';

/** From the beginning of several live migrations until the first calls at their end are under way. */
const ARRIVING_MILLIS = 2500;

/** What happens to hosts, and to what hosts and servers are grouped by. */
export const HOSTS: readonly Step[] = [
  {
    name: 'a service disabled, enabled, declared down and up',
    hosts: 1,
    async run(scene) {
      const { cloud } = scene;
      const [host = ''] = await cloud.hosts();
      await cloud.setService(host, { status: 'disabled', disabled_reason: 'maintenance' });
      await scene.agree();
      await cloud.setService(host, { status: 'enabled' });
      await cloud.setService(host, { forced_down: true });
      await scene.agree();
      await cloud.setService(host, { forced_down: false });
      await cloud.until(`${host} is up`, async () => (await cloud.hosts()).includes(host));
    },
  },
  {
    name: 'aggregates with hosts, metadata and a zone, and a server booted into it',
    hosts: 1,
    async run(scene) {
      const { cloud } = scene;
      const [host = ''] = await cloud.hosts();
      // nova lets no host with servers change its zone; those of others on a cloud that is given stay where they are.
      await scene.emptied(host);
      const zone = (await cloud.isEmpty(host)) ? 'vigil-zone' : null;
      const aggregate = { name: 'vigil-rack', ...(zone && { availability_zone: zone }) };
      const made = await cloud.ask('POST', '/os-aggregates', { aggregate });
      const { id } = made.aggregate as { id: number };
      const act = (action: string, argument: object): Promise<unknown> =>
        cloud.ask('POST', `/os-aggregates/${id}/action`, { [action]: argument });
      await act('add_host', { host });
      await act('set_metadata', { metadata: { ssd: 'true', generation: '7' } });
      await cloud.ask('PUT', `/os-aggregates/${id}`, { aggregate: { name: 'vigil-rack-2' } });
      await scene.agree();
      const [uuid = ''] = await scene.boot({ name: 'zoned', ...(zone === null ? { host } : { zone }) });
      await scene.agree();
      await cloud.delete(uuid);
      await act('set_metadata', { metadata: { generation: null } });
      await act('remove_host', { host });
      await scene.agree();
      await cloud.ask('DELETE', `/os-aggregates/${id}`);
    },
  },
  {
    name: 'server groups, with a member too many',
    hosts: 1,
    async run(scene) {
      const { cloud } = scene;
      const hosts = await cloud.hosts();
      const group = { name: 'vigil-spread', policy: 'anti-affinity', rules: { max_server_per_host: 1 } };
      const made = await cloud.ask('POST', '/os-server-groups', { server_group: group });
      const { id } = made.server_group as { id: string };
      const members: string[] = [];
      // One after the other: nova places what is ordered at once without regard to each other, and gives up on some of it.
      for (const host of hosts) members.push(...(await scene.boot({ name: `on-${host}`, hints: { group: id } })));
      const extra = await cloud.boot({ name: 'too-many', hints: { group: id } });
      await cloud.settled(extra, 'ERROR');
      await scene.agree();
      await cloud.delete(extra, ...members);
      await scene.agree();
      await cloud.ask('DELETE', `/os-server-groups/${id}`);
    },
  },
  {
    name: 'a nova-compute that dies, its servers evacuated, and its return',
    hosts: 3,
    breaks: true,
    short: true,
    async run(scene) {
      const { cloud, mini } = scene;
      const hosts = await cloud.hosts();
      const dead = hosts.at(-1) ?? '';
      const [chosen = '', named = ''] = await scene.servers(2, dead);
      await mini.kill(`nova-${dead}`);
      await cloud.until(`${dead} is down`, async () => (await cloud.service(dead)).state === 'down');
      await scene.agree();
      await cloud.setService(dead, { forced_down: true });
      await cloud.act(chosen, 'evacuate', {});
      await cloud.act(named, 'evacuate', { host: hosts[0] });
      await Promise.all([chosen, named].map((uuid) => cloud.settled(uuid, 'ACTIVE', 'SHUTOFF')));
      await scene.agree();
      await mini.start(`nova-${dead}`);
      await cloud.until('the evacuations are noticed where they came from', async () => {
        const all = (await Promise.all([chosen, named].map((uuid) => cloud.migrationsOf(uuid)))).flat();
        return all.every(({ status }) => status !== 'done');
      });
      await cloud.setService(dead, { forced_down: false });
      await cloud.until(`${dead} is up`, async () => (await cloud.hosts()).includes(dead));
      await scene.agree();
      // An evacuation leaves them as they were, or stopped (2.95).
      for (const uuid of [chosen, named]) {
        if ((await cloud.server(uuid))?.status === 'SHUTOFF') await cloud.act(uuid, 'os-start');
        await cloud.settled(uuid, 'ACTIVE');
      }
    },
  },
  {
    name: 'a nova-compute whose service is deleted, and that registers anew',
    hosts: 2,
    breaks: true,
    async run(scene) {
      const { cloud, mini } = scene;
      const gone = (await cloud.hosts()).at(-1) ?? '';
      await scene.emptied(gone);
      await mini.stop(`nova-${gone}`);
      const { id } = await cloud.service(gone);
      await cloud.ask('DELETE', `/os-services/${id}`);
      await scene.agree();
      await mini.start(`nova-${gone}`);
      await cloud.until(`${gone} is up`, async () => (await cloud.hosts()).includes(gone));
      await mini.discover();
    },
  },
  {
    name: 'a broker that is killed while servers move',
    hosts: 2,
    breaks: true,
    short: true,
    run: (scene) => killBroker(scene, 2, 0),
  },
  {
    name: 'a broker that is killed as servers arrive',
    hosts: 2,
    breaks: true,
    run: (scene) => killBroker(scene, 6, ARRIVING_MILLIS),
  },
];

/**
 * Kills the broker so long after servers began to move, and starts it again. Nova calls its own parts through it: a server
 * whose call was lost goes to ERROR a minute later, which the model must tell too; it is then deleted.
 */
async function killBroker(scene: Scene, count: number, millis: number): Promise<void> {
  const { cloud, broker } = scene;
  const hosts = await cloud.hosts();
  const uuids = await scene.servers(count);
  await Promise.all(uuids.map((uuid) => cloud.liveMigrate(uuid)));
  await Promise.all(uuids.map((uuid) => cloud.running(uuid)));
  await pause(millis);
  await broker.kill();
  await broker.start();
  await Promise.all(uuids.map((uuid) => cloud.settled(uuid, 'ACTIVE', 'ERROR')));
  await scene.agree();
  for (const uuid of uuids) {
    if ((await cloud.server(uuid))?.status !== 'ERROR') continue;
    console.log(`nova lost a call about ${uuid} with the broker`);
    scene.forget(uuid);
    await cloud.delete(uuid);
  }
  // Whoever could not report through the broker for a while counts as down.
  await cloud.until('all hosts are up', async () => (await cloud.hosts()).length >= hosts.length);
}
