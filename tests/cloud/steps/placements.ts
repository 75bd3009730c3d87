import type { Scene } from '../scene.ts';
import type { Step } from './step.ts';

const GROUP = { name: 'vigil-apart', policy: 'anti-affinity', rules: { max_server_per_host: 1 } };

/** Where a server may go: what Vigil tells of each host is what nova then does. */
export const PLACEMENTS: readonly Step[] = [
  {
    name: 'live migrations to every host, taken and refused by nova as Vigil told before',
    hosts: 3,
    async run(scene) {
      const { cloud } = scene;
      const [a = '', b = '', c = ''] = await cloud.hosts();
      // nova lets no host with servers change its zone.
      await scene.emptied(a);
      const zone = (await cloud.isEmpty(a)) ? 'vigil-zone' : null;
      const aggregate = { name: 'vigil-apart', ...(zone && { availability_zone: zone }) };
      const { id } = (await cloud.ask('POST', '/os-aggregates', { aggregate })).aggregate as { id: number };
      await cloud.ask('POST', `/os-aggregates/${id}/action`, { add_host: { host: a } });
      const { id: group } = (await cloud.ask('POST', '/os-server-groups', { server_group: GROUP })).server_group as {
        id: string;
      };
      const [first = ''] = await scene.boot({ name: 'first', host: b, hints: { group } });
      const [second = ''] = await scene.boot({ name: 'second', host: c, hints: { group } });
      const zoned = zone === null ? [] : await scene.boot({ name: 'zoned', zone });

      await cloud.setService(a, { status: 'disabled', disabled_reason: 'full' });
      await scene.agree();
      await expectTold(scene, first, { [a]: 'host-disabled', [c]: 'server-group-anti-affinity' });
      for (const uuid of zoned) await expectTold(scene, uuid, { [b]: 'other-zone', [c]: 'other-zone' });

      await cloud.setService(a, { status: 'enabled' });
      await scene.agree();
      await expectTold(scene, first, { [a]: null, [c]: 'server-group-anti-affinity' });
      await scene.agree();
      // That b is free now nova's scheduler learns only with its next look every two minutes.
      await expectTold(scene, second, { [a]: 'server-group-anti-affinity' });

      await cloud.delete(first, second, ...zoned);
      await cloud.ask('DELETE', `/os-server-groups/${group}`);
      await cloud.ask('POST', `/os-aggregates/${id}/action`, { remove_host: { host: a } });
      await cloud.ask('DELETE', `/os-aggregates/${id}`);
    },
  },
];

/**
 * Vigil tells of these hosts that the server may go there (null), or may not for this reason and no other; and nova does as
 * told, when it is asked.
 */
async function expectTold(scene: Scene, uuid: string, hosts: Readonly<Record<string, string | null>>): Promise<void> {
  const { cloud } = scene;
  const told = await scene.placements(uuid);
  const refusedFirst = Object.entries(hosts).sort(
    ([, one], [, other]) => Number(one === null) - Number(other === null),
  );
  for (const [host, reason] of refusedFirst) {
    const codes = told.get(host)?.join();
    if (codes !== (reason ?? '')) throw new Error(`of ${host} Vigil tells "${codes}", it is to be "${reason ?? ''}"`);
    const went = await cloud.goes(uuid, host);
    if (went !== (reason === null)) throw new Error(`nova ${went ? 'took' : 'refused'} what is "${codes}" to ${host}`);
  }
}
