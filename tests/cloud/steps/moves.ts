import type { Step } from './step.ts';

/** What takes a server to another host, or fails to. */
export const MOVES: readonly Step[] = [
  {
    name: 'live migrations, to a host named and to one nova chooses',
    hosts: 2,
    short: true,
    async run(scene) {
      const { cloud } = scene;
      const [here = '', there = ''] = await cloud.hosts();
      const [named = '', free = ''] = await scene.servers(2, here);
      await cloud.liveMigrate(named, there);
      await cloud.liveMigrate(free);
      await Promise.all([named, free].map((uuid) => cloud.settled(uuid, 'ACTIVE')));
      if ((await cloud.hostOf(named)) !== there) throw new Error(`server ${named} was not migrated to ${there}`);
    },
  },
  {
    name: 'a live migration aborted, and one that is forced to end',
    hosts: 2,
    async run(scene) {
      const { cloud } = scene;
      const [aborted = '', forced = ''] = await scene.servers(2);
      await cloud.liveMigrate(aborted);
      await cloud.ask('DELETE', `/servers/${aborted}/migrations/${await cloud.running(aborted)}`);
      await cloud.liveMigrate(forced);
      const id = await cloud.running(forced);
      await cloud.ask('POST', `/servers/${forced}/migrations/${id}/action`, { force_complete: null });
      await Promise.all([aborted, forced].map((uuid) => cloud.settled(uuid, 'ACTIVE')));
    },
  },
  {
    name: 'live migrations that fail: refused, broken off, and with an error of the driver',
    hosts: 3,
    breaks: true,
    short: true,
    async run(scene) {
      const { cloud, mini } = scene;
      const [a = '', b = '', c = ''] = await cloud.hosts();
      const [refused, broken, raised] = [await scene.server(a), await scene.server(b), await scene.server(c)];
      await mini.failing(
        [
          [b, 'pre_live_migration'],
          [b, 'live_migration'],
          [c, 'live_migration_raise'],
        ],
        async () => {
          await cloud.liveMigrate(refused, b);
          await cloud.liveMigrate(broken, c);
          await cloud.liveMigrate(raised, a);
          await Promise.all([refused, broken].map((uuid) => cloud.settled(uuid, 'ACTIVE')));
          await cloud.settled(raised, 'ERROR');
        },
      );
      await scene.agree();
      await cloud.act(raised, 'os-resetState', { state: 'active' });
      await cloud.settled(raised, 'ACTIVE');
    },
  },
  {
    name: 'cold migrations and resizes, confirmed and reverted',
    hosts: 2,
    short: true,
    async run(scene) {
      const { cloud } = scene;
      const uuids = await scene.servers(4);
      const [moved = '', back = '', grown = '', shrunk = ''] = uuids;
      const larger = await cloud.flavor(1);
      await cloud.act(moved, 'migrate');
      await cloud.act(back, 'migrate');
      await cloud.act(grown, 'resize', { flavorRef: larger });
      await cloud.act(shrunk, 'resize', { flavorRef: larger });
      await Promise.all(uuids.map((uuid) => cloud.settled(uuid, 'VERIFY_RESIZE')));
      await scene.agree();
      for (const uuid of [moved, grown]) await cloud.act(uuid, 'confirmResize');
      for (const uuid of [back, shrunk]) await cloud.act(uuid, 'revertResize');
      await Promise.all(uuids.map((uuid) => cloud.settled(uuid, 'ACTIVE')));
    },
  },
  {
    name: 'a cold migration that fails at its end',
    hosts: 2,
    breaks: true,
    async run(scene) {
      const { cloud, mini } = scene;
      const [here = '', there = ''] = await cloud.hosts();
      const uuid = await scene.server(here);
      scene.forget(uuid);
      await mini.failing([[there, 'finish_migration']], async () => {
        await cloud.act(uuid, 'migrate', { host: there });
        await cloud.settled(uuid, 'ERROR');
      });
      await scene.agree();
      await cloud.delete(uuid);
    },
  },
  {
    name: 'a live migration with nowhere to go',
    hosts: 2,
    async run(scene) {
      const { cloud } = scene;
      const [here = '', ...others] = await cloud.hosts();
      const uuid = await scene.server(here);
      for (const host of others) await cloud.setService(host, { status: 'disabled', disabled_reason: 'full' });
      await cloud.liveMigrate(uuid);
      await cloud.settled(uuid, 'ACTIVE');
      await scene.agree();
      for (const host of others) await cloud.setService(host, { status: 'enabled' });
    },
  },
  {
    name: 'live migrations that Vigil itself makes, by an audit, to empty a host for maintenance',
    hosts: 2,
    async run(scene) {
      const { cloud } = scene;
      const [host = ''] = await cloud.hosts();
      const uuids = await scene.servers(2, host);
      // What is new may not be moved before it is known what it was asked to be placed by.
      await scene.agree();
      const parameters = { maintenance_node: host };
      try {
        await scene.audit({ goal: 'cluster_maintaining', strategy: 'host_maintenance', parameters });
        await Promise.all(uuids.map((uuid) => cloud.settled(uuid, 'ACTIVE')));
        if (!(await cloud.isEmpty(host))) throw new Error(`${host} was not emptied`);
        await scene.agree();
      } finally {
        await cloud.setService(host, { status: 'enabled' });
      }
    },
  },
  {
    name: 'six live migrations at once',
    hosts: 2,
    async run(scene) {
      const { cloud } = scene;
      const uuids = await scene.servers(6);
      await Promise.all(uuids.map((uuid) => cloud.liveMigrate(uuid)));
      await Promise.all(uuids.map((uuid) => cloud.settled(uuid, 'ACTIVE')));
    },
  },
];
