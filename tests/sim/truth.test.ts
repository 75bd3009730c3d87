import { describe, expect, test } from 'vitest';
import { foldFacts } from '../../model/join.ts';
import { LiveModel } from '../../model/live-model.ts';
import { computeSkew, withFaults } from '../../sim/faults.ts';
import { createSimulatedCloud, type SimulatedCloud, type TrueInstance } from '../../sim/index.ts';
import { hostFailure } from '../../sim/operations/host-failure.ts';
import { type Emission, encode } from '../../sim/wire/envelope.ts';
import { factsOf } from '../../streams/authority/facts.ts';
import { decodeEnvelope } from '../../streams/decode/envelope.ts';

/** Late enough that no clock is cut. */
const AFTERWARDS = Date.UTC(2099, 0) * 1000;

const CLOUD = { hosts: 40, instances: 600, operationsPerSecond: 30 };

/** All that a cloud sends in so many messages and until it is at rest. */
function* life(cloud: SimulatedCloud, count: number): Generator<Emission> {
  yield* cloud.emissions(count);
  yield* cloud.settle();
}

/** The model after messages were taken in, in the order in which they came. */
function modelOf(emissions: Iterable<Emission>): LiveModel {
  const model = new LiveModel();
  let seq = 0;
  for (const emission of emissions) {
    const { facts } = factsOf(decodeEnvelope(encode(emission, 'rabbit')), AFTERWARDS);
    for (const [element, registers] of foldFacts(facts)) {
      seq += 1;
      model.apply([{ element, facts: [...registers.values()], revision: `1-${seq}`, previous: null }]);
    }
  }
  return model;
}

/** What the model holds of an instance, in the words of the truth. */
function held(model: LiveModel, uuid: string): Partial<TrueInstance> | null {
  const instance = model.instance(uuid);
  // Of an instance that was only tagged nothing else is told.
  if (instance === undefined || (instance.place === null && instance.state === null)) return null;
  return {
    host: instance.place?.host ?? null,
    node: instance.place?.node ?? null,
    state: instance.state?.vm_state ?? '',
    task_state: instance.state?.task_state ?? null,
  };
}

/** What nova's configuration lets out of the other fields, which only a complete stream tells. */
function heldDetails(model: LiveModel, uuid: string): Partial<TrueInstance> | null {
  const instance = model.instance(uuid);
  const where = held(model, uuid);
  if (instance === undefined || where === null) return null;
  return {
    ...where,
    power_state: instance.power ?? '',
    flavor: instance.flavor?.name ?? '',
    display_name: instance.identity?.name ?? '',
    metadata: instance.metadata ?? {},
    tags: [...(instance.tags ?? [])].sort(),
    locked: instance.locked?.locked ?? false,
  };
}

function pickFields(instance: TrueInstance, like: object): Partial<TrueInstance> {
  const truth = { ...instance, tags: [...instance.tags].sort() };
  return Object.fromEntries(Object.keys(like).map((key) => [key, truth[key as keyof TrueInstance]]));
}

/** Instances of which the model has something else than the truth, as text; those it never heard of are none. */
function differences(
  cloud: SimulatedCloud,
  model: LiveModel,
  read: (model: LiveModel, uuid: string) => Partial<TrueInstance> | null,
): string[] {
  const wrong: string[] = [];
  for (const instance of cloud.truth().instances) {
    const has = read(model, instance.uuid);
    if (instance.deleted && has !== null) wrong.push(`${instance.uuid} is deleted`);
    if (instance.deleted || has === null) continue;
    const [a, b] = [JSON.stringify(has), JSON.stringify(pickFields(instance, has))];
    if (a !== b) wrong.push(`${instance.uuid} is ${b}, held ${a}`);
  }
  return wrong;
}

describe('the truth is what the notifications say, read by the authority table', () => {
  test('after 100,000 of them, out of order and some of them twice', { timeout: 120_000 }, () => {
    const cloud = createSimulatedCloud({ ...CLOUD, seed: 11 });
    const spoken = new Set<string>();
    cloud.onEmission((emission) => {
      if (emission.eventType === 'instance.update') spoken.add(/"uuid": "([^"]+)"/.exec(emission.payload)?.[1] ?? '');
    });
    const model = modelOf(withFaults(life(cloud, 100_000), { seed: 5, reorder: 500, duplicate: 0.1 }));
    expect(differences(cloud, model, heldDetails)).toEqual([]);
    const truth = cloud.truth();
    const unknown = truth.instances.filter(
      ({ uuid, deleted }) => !deleted && spoken.has(uuid) && model.instance(uuid) === undefined,
    );
    expect(unknown).toEqual([]);
    expect(spoken.size).toBeGreaterThan(CLOUD.instances);
    expect(truth.instances.filter(({ deleted }) => deleted).length).toBeGreaterThan(100);
  });

  test.each([1, 2, 3])('with the clocks of compute hosts off by up to 300 s (seed %i)', { timeout: 60_000 }, (seed) => {
    const cloud = createSimulatedCloud({ ...CLOUD, seed });
    cloud.cloud.setSkew(computeSkew(seed, 300));
    const model = modelOf(withFaults(life(cloud, 20_000), { seed, reorder: 100 }));
    expect(differences(cloud, model, held)).toEqual([]);
  });

  test('services, aggregates and server groups too', { timeout: 60_000 }, () => {
    const cloud = createSimulatedCloud({ ...CLOUD, seed: 4, operationsPerSecond: 10 });
    const model = modelOf(withFaults(life(cloud, 30_000), { seed: 4, reorder: 100, duplicate: 0.1 }));
    const { hosts, aggregates, server_groups: groups } = cloud.truth();
    let compared = 0;
    for (const host of hosts) {
      const service = model.host(host.name)?.service;
      if (service == null) continue;
      compared++;
      const { uuid, disabled, disabled_reason, forced_down } = service;
      expect({ uuid, disabled, disabled_reason, forced_down }).toEqual({
        uuid: host.service_uuid,
        disabled: host.disabled,
        disabled_reason: host.disabled_reason,
        forced_down: host.forced_down,
      });
    }
    for (const aggregate of aggregates) {
      const has = model.aggregate(aggregate.uuid);
      if (has === undefined) continue;
      compared++;
      const { id, name, hosts: members, metadata } = aggregate;
      expect(has).toMatchObject({ id, name, metadata });
      expect([...has.hosts].sort()).toEqual([...members].sort());
    }
    for (const group of groups) {
      const has = model.serverGroup(group.uuid);
      if (has === undefined) continue;
      compared++;
      expect(has).toMatchObject({ name: group.name, policy: group.policy });
    }
    expect(compared).toBeGreaterThan(20);
  });

  test('a host that dies, is evacuated and returns is told by nothing but its instances', { timeout: 60_000 }, () => {
    const cloud = createSimulatedCloud({ hosts: 10, instances: 80, operationsPerSecond: 3, seed: 21, failures: 0 });
    const [host] = cloud.cloud.fabric.hosts;
    if (host === undefined) throw new Error('no host');
    const there = cloud.cloud.instances.onHost(host.name).size;
    cloud.cloud.begin(hostFailure(cloud.cloud, host));
    const emissions = [...life(cloud, 10_000)];
    const evacuated = emissions.filter(({ eventType }) => eventType === 'instance.evacuate');
    expect(evacuated.length).toBeGreaterThan(there / 2);
    expect(emissions.filter(({ eventType }) => eventType === 'service.update').length).toBeGreaterThan(1);
    expect(differences(cloud, modelOf(emissions), held)).toEqual([]);
    const back = cloud.truth().hosts.find(({ name }) => name === host.name);
    expect(back).toMatchObject({ alive: true, forced_down: false });
  });
});
