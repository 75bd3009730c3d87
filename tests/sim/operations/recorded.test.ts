import { describe, expect, test } from 'vitest';
import type { Cloud, Process } from '../../../sim/cloud.ts';
import {
  addHost,
  createAggregate,
  deleteAggregate,
  newAggregate,
  removeHost,
  renameAggregate,
  updateMetadata,
} from '../../../sim/operations/aggregate.ts';
import { boot } from '../../../sim/operations/boot.ts';
import { deleteInstance } from '../../../sim/operations/delete.ts';
import { lock, rename, setMetadata, setTags, unlock } from '../../../sim/operations/edit.ts';
import { evacuate } from '../../../sim/operations/evacuate.ts';
import { liveMigration } from '../../../sim/operations/live-migration.ts';
import { reboot, rescue, type SimpleName, simple } from '../../../sim/operations/power.ts';
import { confirmResize, resize, revertResize } from '../../../sim/operations/resize.ts';
import { createGroup, deleteGroup } from '../../../sim/operations/server-group.ts';
import { changeService } from '../../../sim/operations/service.ts';
import { shelve, unshelve } from '../../../sim/operations/shelve.ts';
import type { Instance, ServerGroup } from '../../../sim/state/types.ts';
import { newServer, recordedLines, stage } from './lines.ts';

type Make = (cloud: Cloud, instance: Instance) => Process;

/** An operation of the simulated cloud and where a real nova was recorded doing the same. */
interface Case {
  readonly name: string;
  readonly recording: readonly [file: string, operation: string, nth?: number];
  /** What has to happen before. */
  readonly before?: readonly Make[];
  readonly process: Make;
}

const admin = (cloud: Cloud) => cloud.request(cloud.fabric.admin);
const named =
  (name: SimpleName): Make =>
  (cloud, instance) =>
    simple(cloud, admin(cloud), instance, name);
const flavor = (cloud: Cloud, index: number) => ({ flavor: cloud.fabric.flavors[index] ?? null });
const once = (act: (cloud: Cloud, instance: Instance) => void): Make =>
  function* (cloud, instance) {
    act(cloud, instance);
    yield 1;
  };

const migrate: Make = (cloud, instance) => resize(cloud, admin(cloud), instance);
const toSmall: Make = (cloud, instance) => resize(cloud, admin(cloud), instance, flavor(cloud, 1));
const die: Make = once((cloud, instance) => {
  const host = cloud.hosts.get(instance.row.host ?? '');
  if (host !== undefined) host.alive = false;
});
const offload: Make = (cloud, instance) => shelve(cloud, admin(cloud), instance);

const CASES: readonly Case[] = [
  {
    name: 'live migration',
    recording: ['live-migration', 'os-migrateLive'],
    process: (cloud, instance) => liveMigration(cloud, admin(cloud), instance),
  },
  {
    name: 'delete',
    recording: ['create-delete', 'delete'],
    process: (cloud, instance) => deleteInstance(cloud, admin(cloud), instance),
  },
  { name: 'cold migration', recording: ['cold-migration', 'migrate'], process: migrate },
  {
    name: 'confirm of a cold migration',
    recording: ['cold-migration', 'confirmResize'],
    before: [migrate],
    process: (cloud, instance) => confirmResize(cloud, admin(cloud), instance),
  },
  {
    name: 'revert of a cold migration',
    recording: ['cold-migration', 'revertResize'],
    before: [migrate],
    process: (cloud, instance) => revertResize(cloud, admin(cloud), instance),
  },
  { name: 'resize', recording: ['resize', 'resize'], process: toSmall },
  {
    name: 'revert of a resize',
    recording: ['resize', 'revertResize'],
    before: [toSmall],
    process: (cloud, instance) => revertResize(cloud, admin(cloud), instance),
  },
  {
    name: 'confirm of a resize',
    recording: ['resize', 'confirmResize'],
    before: [toSmall],
    process: (cloud, instance) => confirmResize(cloud, admin(cloud), instance),
  },
  {
    name: 'evacuation',
    recording: ['evacuate', 'evacuate', 0],
    before: [die],
    process: (cloud, instance) => evacuate(cloud, admin(cloud), instance),
  },
  {
    name: 'evacuation that leaves it stopped',
    recording: ['evacuate', 'evacuate', 1],
    before: [die],
    process: (cloud, instance) => evacuate(cloud, admin(cloud), instance, { stop: true }),
  },
  { name: 'shelve', recording: ['shelve', 'shelve'], process: offload },
  {
    name: 'unshelve',
    recording: ['shelve', 'unshelve'],
    before: [offload],
    process: (cloud, instance) => unshelve(cloud, admin(cloud), instance),
  },
  { name: 'stop', recording: ['power', 'os-stop'], process: named('stop') },
  { name: 'start', recording: ['power', 'os-start'], before: [named('stop')], process: named('start') },
  { name: 'pause', recording: ['power', 'pause'], process: named('pause') },
  { name: 'unpause', recording: ['power', 'unpause'], before: [named('pause')], process: named('unpause') },
  { name: 'suspend', recording: ['power', 'suspend'], process: named('suspend') },
  { name: 'resume', recording: ['power', 'resume'], before: [named('suspend')], process: named('resume') },
  {
    name: 'soft reboot',
    recording: ['power', 'reboot', 0],
    process: (cloud, instance) => reboot(cloud, admin(cloud), instance, 'SOFT'),
  },
  {
    name: 'hard reboot',
    recording: ['power', 'reboot', 1],
    process: (cloud, instance) => reboot(cloud, admin(cloud), instance, 'HARD'),
  },
  {
    name: 'lock',
    recording: ['power', 'lock'],
    process: (cloud, instance) => lock(cloud, admin(cloud), instance, 'test'),
  },
  {
    name: 'unlock',
    recording: ['power', 'unlock'],
    process: (cloud, instance) => unlock(cloud, admin(cloud), instance),
  },
  {
    name: 'rescue',
    recording: ['power', 'rescue'],
    process: (cloud, instance) => rescue(cloud, admin(cloud), instance),
  },
  {
    name: 'unrescue',
    recording: ['power', 'unrescue'],
    before: [(cloud, instance) => rescue(cloud, admin(cloud), instance)],
    process: named('unrescue'),
  },
  {
    name: 'metadata',
    recording: ['metadata', 'metadata-set'],
    process: once((cloud, instance) => setMetadata(cloud, admin(cloud), instance, { role: 'db' })),
  },
  {
    name: 'tags',
    recording: ['metadata', 'tags'],
    process: once((cloud, instance) => setTags(cloud, admin(cloud), instance, ['blue'])),
  },
  {
    name: 'rename',
    recording: ['metadata', 'rename'],
    process: once((cloud, instance) => rename(cloud, admin(cloud), instance, 'two')),
  },
];

describe('an operation says what a real nova was recorded saying, in the same order', () => {
  test('boot', () => {
    const { cloud, play } = stage();
    const instance = newServer(cloud);
    expect(play(boot(cloud, admin(cloud), instance), instance)).toEqual(recordedLines('create-delete', 'create'));
  });

  test.each(CASES)('$name', ({ recording, before = [], process }) => {
    const { cloud, play, booted } = stage();
    const instance = booted();
    for (const make of before) play(make(cloud, instance), instance);
    expect(play(process(cloud, instance), instance)).toEqual(recordedLines(...recording));
  });
});

describe('a copy of the row that is sent late', () => {
  /** When the row was last updated, as told by each event. */
  function updatedAt(emissions: readonly { eventType: string; payload: string }[]): Map<string, string> {
    return new Map(
      emissions.map(({ eventType, payload }) => {
        const data = (JSON.parse(payload) as { 'nova_object.data': { updated_at: string } })['nova_object.data'];
        return [eventType.replace('instance.live_migration_', ''), data.updated_at];
      }),
    );
  }

  test('is as old as what its sender last read: the source’s last word is older than the destination’s', () => {
    const { cloud, emissions, booted } = stage();
    const instance = booted();
    cloud.advanceTo(cloud.now + 10_000_000);
    const told = updatedAt(emissions(liveMigration(cloud, admin(cloud), instance), instance));
    expect(told.get('post.end')).toBe(told.get('pre.start'));
    expect(told.get('post_dest.end')).toBe(told.get('instance.update'));
    expect(String(told.get('post.end')) < String(told.get('post_dest.end'))).toBe(true);
  });

  test('lags one save behind: a payload right after a save has the time of the save before', () => {
    const { cloud, emissions, booted } = stage();
    const instance = booted();
    cloud.advanceTo(cloud.now + 10_000_000);
    const before = instance.updatedAt;
    const told = updatedAt(emissions(lock(cloud, admin(cloud), instance, null), instance));
    expect(Date.parse(told.get('instance.lock') ?? '') / 1000).toBe(before);
    expect(instance.updatedAt).toBeGreaterThan(before ?? 0);
  });
});

describe('an operation on the cloud says what a real nova was recorded saying', () => {
  test('a boot for which there is no valid host, and its delete by the API', () => {
    const { cloud, play } = stage();
    const [actor, group] = [cloud.fabric.admin, aGroup(cloud)];
    for (const host of cloud.hosts.values()) host.disabled = true;
    const instance = newServer(cloud, group);
    const booted = play(boot(cloud, cloud.request(actor), instance), instance);
    expect(booted).toEqual(recordedLines('server-group', 'create', 3));
    const deleted = play(deleteInstance(cloud, cloud.request(actor), instance), instance);
    expect(deleted).toEqual(recordedLines('server-group', 'delete', 3));
  });

  test('a server group, and a boot into it', () => {
    const { cloud, play } = stage();
    const instance = newServer(cloud, aGroup(cloud));
    expect(play(boot(cloud, admin(cloud), instance), instance)).toEqual(recordedLines('server-group', 'create', 0));
    const made = play(asProcess(() => aGroup(cloud)));
    expect(made).toEqual(recordedLines('server-group', 'server-group-create'));
    const [group] = cloud.groups.values();
    if (group === undefined) throw new Error('no group');
    const gone = play(asProcess(() => deleteGroup(cloud, admin(cloud), group)));
    expect(gone).toEqual(recordedLines('server-group', 'server-group-delete'));
  });

  test.each([
    ['service-disable', { disabled: true, disabledReason: 'maintenance' }],
    ['service-enable', { disabled: false }],
    ['force-down', { forcedDown: true }],
    ['force-up', { forcedDown: false }],
  ])('%s', (operation, changes) => {
    const { cloud, play } = stage();
    const [host] = cloud.fabric.hosts;
    if (host === undefined) throw new Error('no host');
    const said = play(asProcess(() => changeService(cloud, admin(cloud), host, changes)));
    expect(said).toEqual(recordedLines('service', operation));
  });

  test('an aggregate from its creation to its deletion', () => {
    const { cloud, play } = stage();
    const [host] = cloud.fabric.hosts;
    if (host === undefined) throw new Error('no host');
    const aggregate = newAggregate(cloud, 'rack-a', { availability_zone: 'az-a' });
    const steps: readonly [string, Process][] = [
      ['aggregate-create', createAggregate(cloud, admin(cloud), aggregate)],
      ['aggregate-add-host', addHost(cloud, admin(cloud), aggregate, host)],
      ['aggregate-set-metadata', updateMetadata(cloud, admin(cloud), aggregate, { ssd: 'true' })],
      ['aggregate-update', renameAggregate(cloud, admin(cloud), aggregate, 'rack-b')],
      ['aggregate-remove-host', removeHost(cloud, admin(cloud), aggregate, host)],
      ['aggregate-delete', deleteAggregate(cloud, admin(cloud), aggregate)],
    ];
    for (const [operation, process] of steps) expect(play(process)).toEqual(recordedLines('aggregate', operation));
  });
});

function aGroup(cloud: Cloud): ServerGroup {
  return createGroup(cloud, admin(cloud), cloud.fabric.admin, 'spread', 'anti-affinity');
}

function* asProcess(act: () => void): Process {
  act();
  yield 1;
}
