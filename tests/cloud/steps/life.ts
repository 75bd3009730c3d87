import type { Step } from './step.ts';

const TOO_LARGE = { id: 'vigil-too-large', name: 'vigil-too-large', ram: 1024, vcpus: 900, disk: 1 };
const NOBODY = '00000000-0000-4000-8000-000000000000';

/** What a server goes through without leaving its host. */
export const LIFE: readonly Step[] = [
  {
    name: 'boots, several at once, with metadata, tags and hints',
    hosts: 1,
    short: true,
    async run(scene) {
      await scene.servers(3);
      const [uuid = ''] = await scene.boot({
        name: 'told',
        flavor: 1,
        metadata: { role: 'db', 'lifecycle:critical': 'true' },
        tags: ['gold', 'blue'],
        hints: { different_host: [NOBODY] },
      });
      await scene.agree();
      await scene.cloud.delete(uuid);
    },
  },
  {
    name: 'boots for which there is no room',
    hosts: 1,
    async run(scene) {
      const { cloud } = scene;
      await cloud.ask('POST', '/flavors', { flavor: TOO_LARGE });
      try {
        const uuid = await cloud.boot({ name: 'too-large', flavorId: TOO_LARGE.id });
        await cloud.settled(uuid, 'ERROR');
        await scene.agree();
        await cloud.delete(uuid);
      } finally {
        await cloud.ask('DELETE', `/flavors/${TOO_LARGE.id}`);
      }
    },
  },
  {
    name: 'stop, pause, suspend, rescue, lock, and back; reboots',
    hosts: 1,
    async run(scene) {
      const { cloud } = scene;
      const turns = [
        ['os-stop', 'SHUTOFF', 'os-start'],
        ['pause', 'PAUSED', 'unpause'],
        ['suspend', 'SUSPENDED', 'resume'],
        ['rescue', 'RESCUE', 'unrescue'],
      ] as const;
      const uuids = await scene.servers(turns.length + 1);
      const locked = uuids.at(-1) ?? '';
      await Promise.all([
        ...turns.map(async ([action, status], i) => {
          await cloud.act(String(uuids[i]), action);
          await cloud.settled(String(uuids[i]), status);
        }),
        cloud.act(locked, 'lock', { locked_reason: 'not to be touched' }),
      ]);
      await scene.agree();
      await Promise.all([
        ...turns.map(async ([, , back], i) => {
          await cloud.act(String(uuids[i]), back);
          await cloud.settled(String(uuids[i]), 'ACTIVE');
        }),
        cloud.act(locked, 'unlock'),
      ]);
      await scene.agree();
      await cloud.act(String(uuids[0]), 'reboot', { type: 'SOFT' });
      await cloud.act(String(uuids[1]), 'reboot', { type: 'HARD' });
      await Promise.all(uuids.slice(0, 2).map((uuid) => cloud.settled(uuid, 'ACTIVE')));
    },
  },
  {
    name: 'metadata, tags, names; a rebuild',
    hosts: 1,
    short: true,
    async run(scene) {
      const { cloud } = scene;
      const [told = '', rebuilt = ''] = await scene.servers(2);
      await cloud.ask('POST', `/servers/${told}/metadata`, { metadata: { role: 'db', tier: '1' } });
      await cloud.ask('PUT', `/servers/${told}/metadata/tier`, { meta: { tier: '2' } });
      await cloud.ask('DELETE', `/servers/${told}/metadata/role`);
      await cloud.ask('PUT', `/servers/${told}/tags`, { tags: ['blue', 'gold'] });
      await cloud.ask('DELETE', `/servers/${told}/tags/blue`);
      await cloud.ask('PUT', `/servers/${told}`, { server: { name: 'vigil-renamed' } });
      await cloud.act(rebuilt, 'rebuild', {
        imageRef: await cloud.image(),
        name: 'vigil-rebuilt',
        metadata: { a: 'b' },
      });
      await cloud.settled(rebuilt, 'ACTIVE');
    },
  },
  {
    name: 'shelve, offloaded, and unshelve, also to a host',
    hosts: 2,
    async run(scene) {
      const { cloud } = scene;
      const [, other = ''] = await cloud.hosts();
      const uuids = await scene.servers(2);
      await Promise.all(
        uuids.map(async (uuid) => {
          await cloud.act(uuid, 'shelve');
          await cloud.settled(uuid, 'SHELVED_OFFLOADED');
        }),
      );
      await scene.agree();
      await cloud.act(String(uuids[0]), 'unshelve', null);
      await cloud.act(String(uuids[1]), 'unshelve', { host: other });
      await Promise.all(uuids.map((uuid) => cloud.settled(uuid, 'ACTIVE')));
    },
  },
  {
    name: 'a hypervisor that does not start what it is to start',
    hosts: 2,
    breaks: true,
    async run(scene) {
      const { cloud, mini } = scene;
      const hosts = await cloud.hosts();
      await mini.failing([[hosts[0] ?? '', 'spawn']], async () => {
        const made = await scene.boot(...['a', 'b', 'c'].map((name) => ({ name })));
        await scene.agree();
        await cloud.delete(...made);
      });
      await mini.failing(
        hosts.map((host) => [host, 'spawn']),
        async () => {
          const uuid = await cloud.boot({ name: 'nowhere' });
          await cloud.settled(uuid, 'ERROR');
          await scene.agree();
          await cloud.delete(uuid);
        },
      );
    },
  },
  {
    name: 'deletes, several at once',
    hosts: 1,
    short: true,
    async run(scene) {
      const uuids = await scene.servers(3);
      scene.forget(...uuids);
      await scene.cloud.delete(...uuids);
    },
  },
];
