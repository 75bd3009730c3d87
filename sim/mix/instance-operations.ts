import type { Cloud, Process, Request } from '../cloud.ts';
import { deleteInstance } from '../operations/delete.ts';
import { lock, rename, resetState, setMetadata, setTags, unlock } from '../operations/edit.ts';
import { abortLiveMigration, forceComplete, liveMigration } from '../operations/live-migration.ts';
import { reboot, rescue, type SimpleName, simple } from '../operations/power.ts';
import { rebuild } from '../operations/rebuild.ts';
import { confirmResize, resize, revertResize } from '../operations/resize.ts';
import { shelve, unshelve } from '../operations/shelve.ts';
import type { Instance } from '../state/types.ts';
import type { MixEntry } from './entry.ts';

/** An operation on one instance in one of some states. */
interface InstanceOperation {
  readonly name: string;
  readonly weight: number;
  readonly states: readonly string[];
  /** Asked for by its owner, or by the operator of the cloud. */
  readonly by: 'owner' | 'admin';
  readonly process: (cloud: Cloud, request: Request, instance: Instance) => Process;
  readonly fit?: (cloud: Cloud, instance: Instance) => boolean;
  /** The share of all instances that is left in these states, since there always are some. */
  readonly keep?: number;
}

const ONE_HOST = 'active stopped paused suspended rescued error'.split(' ');

/** The default mix: mostly moves, some starts and stops, a little of all else. What leads away is led back as often. */
const INSTANCE_OPERATIONS: readonly InstanceOperation[] = [
  {
    name: 'delete',
    weight: 14,
    states: ['active', 'stopped', 'error'],
    by: 'owner',
    process: deleteInstance,
    fit: (cloud) => cloud.instances.alive >= cloud.options.instances,
  },
  { name: 'live-migration', weight: 22, states: ['active', 'paused'], by: 'admin', process: randomLiveMigration },
  { name: 'resize', weight: 6, states: ['active', 'stopped'], by: 'owner', process: randomResize },
  { name: 'cold-migration', weight: 4, states: ['active', 'stopped'], by: 'admin', process: randomColdMigration },
  { name: 'confirm', weight: 9, states: ['resized'], by: 'owner', process: confirmResize, fit: sourceAlive },
  { name: 'revert', weight: 3, states: ['resized'], by: 'owner', process: revertResize, fit: sourceAlive },
  simpleOperation('stop', 7, 'active'),
  simpleOperation('start', 9, 'stopped', 0.06),
  simpleOperation('pause', 2, 'active'),
  simpleOperation('unpause', 3, 'paused', 0.005),
  simpleOperation('suspend', 2, 'active'),
  simpleOperation('resume', 3, 'suspended', 0.01),
  simpleOperation('unrescue', 2, 'rescued'),
  { name: 'rescue', weight: 1, states: ['active'], by: 'owner', process: rescue },
  {
    name: 'reboot',
    weight: 5,
    states: ['active'],
    by: 'owner',
    process: (cloud, request, instance) => reboot(cloud, request, instance, cloud.random.pick(['SOFT', 'HARD'])),
  },
  { name: 'shelve', weight: 2, states: ['active', 'stopped'], by: 'owner', process: shelve },
  { name: 'unshelve', weight: 3, states: ['shelved_offloaded'], by: 'owner', keep: 0.005, process: unshelve },
  {
    name: 'rebuild',
    weight: 2,
    states: ['active', 'stopped'],
    by: 'owner',
    process: (cloud, request, instance) => rebuild(cloud, request, instance, cloud.random.pick(cloud.fabric.images)),
  },
  { name: 'lock', weight: 1, states: ONE_HOST, by: 'owner', process: toggleLock },
  {
    name: 'reset-state',
    weight: 2,
    states: ['error'],
    by: 'admin',
    process: toActive,
    fit: (_, { row }) => row.host !== null,
  },
  { name: 'edit', weight: 5, states: ONE_HOST, by: 'owner', process: randomEdit },
];

function simpleOperation(name: SimpleName, weight: number, state: string, keep = 0): InstanceOperation {
  return {
    name,
    weight,
    states: [state],
    by: 'owner',
    keep,
    process: (cloud, request, instance) => simple(cloud, request, instance, name),
  };
}

function* randomLiveMigration(cloud: Cloud, request: Request, instance: Instance): Process {
  const { random, options } = cloud;
  const failure = random.chance(options.failures) ? random.pick(['pre', 'copy', 'raise', 'cleanup'] as const) : null;
  if (random.chance(options.failures)) cloud.begin(askLater(cloud, instance, random.pick(['abort', 'force'])));
  yield* liveMigration(cloud, request, instance, null, failure);
}

/** The operator loses patience with a live migration while it copies memory. */
function* askLater(cloud: Cloud, instance: Instance, what: 'abort' | 'force'): Process {
  yield 2500;
  const { migration } = instance;
  if (migration?.type !== 'live-migration' || migration.status !== 'running') return;
  const request = cloud.request(cloud.fabric.admin);
  yield* what === 'abort' ? abortLiveMigration(cloud, request, migration) : forceComplete(cloud, request, migration);
}

function randomResize(cloud: Cloud, request: Request, instance: Instance): Process {
  const others = cloud.fabric.flavors.filter((flavor) => flavor !== instance.row.flavor);
  return resize(cloud, request, instance, { flavor: cloud.random.pick(others), ...randomTrouble(cloud) });
}

function randomColdMigration(cloud: Cloud, request: Request, instance: Instance): Process {
  return resize(cloud, request, instance, randomTrouble(cloud));
}

function randomTrouble(cloud: Cloud): { fails: boolean; latePrepEnd: boolean } {
  const { random, options } = cloud;
  return { fails: random.chance(options.failures), latePrepEnd: random.chance(options.failures) };
}

function sourceAlive(_cloud: Cloud, instance: Instance): boolean {
  const source = instance.migration?.source;
  return source?.alive === true && !source.forcedDown && !source.draining;
}

function toggleLock(cloud: Cloud, request: Request, instance: Instance): Process {
  if (instance.row.locked) return unlock(cloud, request, instance);
  return lock(cloud, request, instance, cloud.random.chance(0.5) ? 'maintenance' : null);
}

/** The operator has seen to what was wrong. */
function* toActive(cloud: Cloud, request: Request, instance: Instance): Process {
  resetState(cloud, request, instance, 'active');
  yield 10;
}

/** Metadata, tags or the name. */
function* randomEdit(cloud: Cloud, request: Request, instance: Instance): Process {
  const { random } = cloud;
  const kind = random.int(4);
  if (kind === 0) setTags(cloud, request, instance, [random.pick(['blue', 'green', 'gold']), random.pick(['a', 'b'])]);
  else if (kind === 1) rename(cloud, request, instance, `vm-${random.hex().slice(0, 6)}`);
  else
    setMetadata(cloud, request, instance, { role: random.pick(['db', 'web', 'cache']), tier: String(random.int(3)) });
  yield 10;
}

/** Tries before it is taken that no instance in these states is free. */
const TRIES = 8;

/** A free instance in one of the states, on a host that can do something; all such are equally likely. */
function drawInstance(cloud: Cloud, operation: InstanceOperation): Instance | undefined {
  const sets = operation.states.map((state) => cloud.instances.inState(state));
  const total = sets.reduce((sum, set) => sum + set.size, 0);
  if (total <= (operation.keep ?? 0) * cloud.instances.alive) return undefined;
  for (let i = 0; i < TRIES && total > 0; i++) {
    let place = cloud.random.int(total);
    const set = sets.find((candidate) => {
      place -= candidate.size;
      return place < 0;
    });
    const instance = set?.draw(cloud.random);
    if (instance !== undefined && !instance.busy && !instance.steady && canAct(cloud, instance)) return instance;
  }
  return undefined;
}

function canAct(cloud: Cloud, instance: Instance): boolean {
  const host = cloud.hosts.get(instance.row.host ?? '');
  return host === undefined || (host.alive && !host.forcedDown && !host.draining);
}

function beginOn(cloud: Cloud, operation: InstanceOperation): boolean {
  const instance = drawInstance(cloud, operation);
  if (instance === undefined || operation.fit?.(cloud, instance) === false) return false;
  const request = cloud.request(operation.by === 'admin' ? cloud.fabric.admin : instance.row.actor);
  cloud.begin(operation.process(cloud, request, instance), instance);
  return true;
}

/** The default mix of what happens to instances. */
export const INSTANCE_MIX: readonly MixEntry[] = INSTANCE_OPERATIONS.map((operation) => ({
  name: operation.name,
  weight: operation.weight,
  begin: (cloud) => beginOn(cloud, operation),
}));
