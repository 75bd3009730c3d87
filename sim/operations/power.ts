import type { Cloud, Request, RowChanges } from '../cloud.ts';
import type { Host, Instance, InstanceRow } from '../state/types.ts';
import { hostOf } from './migration.ts';

/** An operation of one host on one instance: asked for, begun, done. */
interface Simple {
  /** `instance.<event>.start` and `.end` */
  readonly event: string;
  /** The task state while it is under way. */
  readonly task: string;
  readonly becomes: RowChanges;
  /** Milliseconds from the API to the host, at the host, and from there to the last notification. */
  readonly delays: readonly [number, number, number];
}

/** The operations of this kind, with the delays of a real nova with fake hypervisors. */
export const SIMPLE = {
  stop: {
    event: 'power_off',
    task: 'powering-off',
    becomes: { state: 'stopped', powerState: 'shutdown' },
    delays: [55, 125, 6],
  },
  start: {
    event: 'power_on',
    task: 'powering-on',
    becomes: { state: 'active', powerState: 'running' },
    delays: [50, 195, 13],
  },
  pause: { event: 'pause', task: 'pausing', becomes: { state: 'paused', powerState: 'paused' }, delays: [30, 62, 8] },
  unpause: {
    event: 'unpause',
    task: 'unpausing',
    becomes: { state: 'active', powerState: 'running' },
    delays: [42, 65, 13],
  },
  suspend: {
    event: 'suspend',
    task: 'suspending',
    becomes: { state: 'suspended', powerState: 'suspended' },
    delays: [57, 59, 10],
  },
  resume: {
    event: 'resume',
    task: 'resuming',
    becomes: { state: 'active', powerState: 'running' },
    delays: [69, 201, 6],
  },
  unrescue: {
    event: 'unrescue',
    task: 'unrescuing',
    becomes: { state: 'active', powerState: 'running' },
    delays: [164, 69, 7],
  },
} as const satisfies Readonly<Record<string, Simple>>;

/** The name of one of them. */
export type SimpleName = keyof typeof SIMPLE;

/** Stop, start, pause and the like. */
export function* simple(
  cloud: Cloud,
  request: Request,
  instance: Instance,
  name: SimpleName,
): Generator<number, void, void> {
  const operation: Simple = SIMPLE[name];
  yield* begunAndDone(cloud, request, instance, operation, hostOf(cloud, instance));
}

function* begunAndDone(
  cloud: Cloud,
  request: Request,
  instance: Instance,
  operation: Simple,
  host: Host,
): Generator<number, InstanceRow, void> {
  const [toHost, atHost, toEnd] = operation.delays;
  const asked = cloud.save(request, instance, { taskState: operation.task });
  yield toHost;
  cloud.notify(request, `${operation.event}.start`, host.name, asked);
  yield atHost;
  const done = cloud.save(request, instance, { ...operation.becomes, taskState: null });
  yield toEnd;
  cloud.notify(request, `${operation.event}.end`, host.name, done);
  return done;
}

/** The stop within an evacuation, done by a host that the row does not name yet. */
export function powerOff(
  cloud: Cloud,
  request: Request,
  instance: Instance,
  host: Host,
): Generator<number, InstanceRow, void> {
  return begunAndDone(cloud, request, instance, SIMPLE.stop, host);
}

/** A soft or hard reboot: the task state goes through pending and started, and its `.start` is a step ahead of the row. */
export function* reboot(
  cloud: Cloud,
  request: Request,
  instance: Instance,
  type: 'SOFT' | 'HARD' = 'SOFT',
): Generator<number, void, void> {
  const hard = type === 'HARD' ? '_hard' : '';
  const { name } = hostOf(cloud, instance);
  const asked = cloud.save(request, instance, { taskState: `rebooting${hard}` });
  yield 170;
  const pending = `reboot_pending${hard}`;
  cloud.notify(request, 'reboot.start', name, { ...asked, taskState: pending });
  yield 50;
  cloud.save(request, instance, { taskState: pending });
  yield 60;
  cloud.save(request, instance, { taskState: `reboot_started${hard}` });
  yield 105;
  const done = cloud.save(request, instance, { taskState: null, state: 'active', powerState: 'running' });
  yield 12;
  cloud.notify(request, 'reboot.end', name, done);
}

/** Boots from a rescue image, until it is unrescued. */
export function* rescue(cloud: Cloud, request: Request, instance: Instance): Generator<number, void, void> {
  const { name } = hostOf(cloud, instance);
  const asked = cloud.save(request, instance, { taskState: 'rescuing' });
  yield 400;
  cloud.notify(request, 'rescue.start', name, asked);
  yield 22;
  cloud.notify(request, 'exists', name, asked);
  yield 40;
  const done = cloud.save(request, instance, {
    state: 'rescued',
    taskState: null,
    powerState: 'shutdown',
    launchedAt: cloud.second,
  });
  yield 5;
  cloud.notify(request, 'rescue.end', name, done);
}
