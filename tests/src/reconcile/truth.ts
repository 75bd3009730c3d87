import type { LiveModel } from '../../../model/live-model.ts';
import { instanceKey } from '../../../model/live-model.ts';
import type { TrueHost, TrueInstance, Truth } from '../../../sim/index.ts';

/** Everything in which the model differs from what a simulated cloud really is, in words. */
export function differencesFromTruth(model: LiveModel, truth: Truth): string[] {
  return [
    ...truth.instances.flatMap((instance) => instanceDifferences(model, instance)),
    ...unknownInstances(model, truth),
    ...truth.hosts.flatMap((host) => hostDifferences(model, host)),
    ...truth.aggregates.flatMap(({ uuid, name, hosts, metadata }) => {
      const held = model.aggregate(uuid);
      const [has, is] = [held && [held.name, held.hosts, held.metadata], [name, [...hosts].sort(), metadata]];
      return compare(`aggregate ${name}`, { it: is }, { it: has });
    }),
    ...truth.server_groups.flatMap(({ uuid, policy, members }) => {
      const held = model.serverGroup(uuid);
      const living = held?.members.filter((one) => model.instance(one) !== undefined);
      return compare(`group ${uuid}`, { policy, members }, { policy: held?.policy, members: living });
    }),
  ];
}

function instanceDifferences(model: LiveModel, is: TrueInstance): string[] {
  const held = model.instance(is.uuid);
  if (is.deleted) return held === undefined ? [] : [`${is.uuid} is deleted, and held on ${held.place?.host}`];
  if (held === undefined) {
    const buried = model.isDeleted(instanceKey(is.uuid));
    return [`${is.uuid} is ${buried ? 'taken for deleted' : 'not known'}`];
  }
  return compare(
    is.uuid,
    {
      host: is.host,
      node: is.node,
      state: is.state,
      task: is.task_state,
      power: is.power_state,
      flavor: is.flavor,
      project: is.project_id,
      name: is.display_name,
      locked: is.locked,
      metadata: is.metadata,
      tags: [...is.tags].sort(),
    },
    {
      host: held.place?.host,
      node: held.place?.node,
      state: held.state?.vm_state,
      task: held.state?.task_state,
      power: held.power,
      flavor: held.flavor?.name,
      project: held.identity?.project_id,
      name: held.identity?.name,
      locked: held.locked?.locked,
      metadata: held.metadata,
      tags: held.tags,
    },
  );
}

function unknownInstances(model: LiveModel, truth: Truth): string[] {
  const real = new Set(truth.instances.map(({ uuid }) => uuid));
  return [...model.instances()].filter(({ uuid }) => !real.has(uuid)).map(({ uuid }) => `${uuid} never was`);
}

function hostDifferences(model: LiveModel, is: TrueHost): string[] {
  const held = model.host(is.name);
  return compare(
    `host ${is.name}`,
    {
      service: is.service_uuid,
      disabled: is.disabled,
      reason: is.disabled_reason,
      down: is.forced_down,
      node: is.node,
      instances: is.instances,
    },
    {
      service: held?.service?.uuid,
      disabled: held?.service?.disabled,
      reason: held?.service?.disabled_reason,
      down: held?.service?.forced_down,
      node: held?.nodes[0]?.name,
      instances: [...model.instancesOn(is.name)].map(({ uuid }) => uuid).sort(),
    },
  );
}

function compare(what: string, is: Record<string, unknown>, held: Record<string, unknown>): string[] {
  return Object.keys(is)
    .filter((key) => JSON.stringify(is[key]) !== JSON.stringify(held[key]))
    .map((key) => `${what}: ${key} is ${JSON.stringify(is[key])}, held ${JSON.stringify(held[key])}`);
}
