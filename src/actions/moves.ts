import type { View } from '../../model/view.ts';
import type { NovaControl } from '../openstack/nova-control.ts';
import { asFields, type Fields } from '../openstack/reading-client.ts';
import { judgeServer } from './judge.ts';
import { type ServerFields, serverFields } from './server-fields.ts';
import type { Procedure, Step } from './step.ts';

/** What moves an instance somewhere; `to` is null when nova chooses. */
interface Move {
  readonly uuid: string;
  readonly from: string;
  readonly to: string | null;
}

const AT_REST = ['active', 'stopped', 'paused'];

export function liveMigration(move: Move): Procedure {
  const { uuid, from, to } = move;
  const there = ({ host, taskState }: ServerFields): boolean => isThere(host, move) && taskState === null;
  return {
    steps: [
      {
        call: 'live-migrate',
        server: uuid,
        send: (nova, options) => nova.liveMigrate(uuid, to, options),
        isReached: (view) => there(shown(view, uuid)),
        looksOver: (view) => isOver(view, uuid),
        judge: (seen) => judgeServer(seen, there),
        refuses: (server) => refusesFrom(server, from, ['active', 'paused']),
        abort: async (nova, { migration }, options) => {
          const id = Number(migration?.id);
          if (Number.isInteger(id)) await nova.abortLiveMigration(uuid, id, options);
        },
      },
    ],
  };
}

export function coldMigration(move: Move): Procedure {
  const { uuid, from, to } = move;
  const moved = ({ host, vmState, taskState }: ServerFields): boolean =>
    isThere(host, move) && taskState === null && [...AT_REST, 'resized'].includes(vmState ?? '');
  const send = (nova: NovaControl, options: object): Promise<string> => nova.migrate(uuid, to, options);
  const step = resizing('cold-migrate', uuid, send, moved, (server) =>
    refusesFrom(server, from, ['active', 'stopped']),
  );
  const settled = ({ host, vmState, taskState }: ServerFields): boolean =>
    isThere(host, move) && taskState === null && AT_REST.includes(vmState ?? '');
  return { steps: [step, confirmation(uuid, settled)], undo: { after: step.call, step: reversal(uuid) } };
}

/** To another flavor, given by name or id. */
export function toFlavor(uuid: string, flavor: string): Procedure {
  const send = async (nova: NovaControl, options: object): Promise<string> => {
    const id = await nova.flavorId(flavor, options);
    if (id === null) throw new RangeError(`There is no flavor ${flavor}.`);
    return nova.resize(uuid, id, options);
  };
  const resized = ({ vmState, taskState }: ServerFields): boolean => vmState === 'resized' && taskState === null;
  const step = resizing('resize', uuid, send, resized, (server) => refusesFrom(server, null, ['active', 'stopped']));
  const settled = ({ vmState, taskState }: ServerFields): boolean =>
    taskState === null && AT_REST.includes(vmState ?? '');
  return { steps: [step, confirmation(uuid, settled)], undo: { after: step.call, step: reversal(uuid) } };
}

function resizing(
  call: string,
  uuid: string,
  send: Step['send'],
  isDone: (server: ServerFields) => boolean,
  refuses: Step['refuses'],
): Step {
  return {
    call,
    server: uuid,
    send,
    isReached: (view) => isDone(shown(view, uuid)),
    looksOver: (view) => isOver(view, uuid),
    judge: (seen) => judgeServer(seen, isDone),
    refuses,
  };
}

function confirmation(uuid: string, isSettled: (server: ServerFields) => boolean): Step {
  return {
    call: 'confirm-resize',
    server: uuid,
    send: (nova, options) => nova.confirmResize(uuid, options),
    isReached: (view) => isSettled(shown(view, uuid)),
    looksOver: () => false,
    judge: (seen) => judgeServer({ ...seen, migration: null }, isSettled),
    refuses: (server) => refusesFrom(server, null, ['resized']),
  };
}

function reversal(uuid: string): Step {
  const isBack = ({ vmState, taskState }: ServerFields): boolean =>
    taskState === null && AT_REST.includes(vmState ?? '');
  return {
    call: 'revert-resize',
    server: uuid,
    send: (nova, options) => nova.revertResize(uuid, options),
    isReached: (view) => isBack(shown(view, uuid)),
    looksOver: () => false,
    judge: (seen) => judgeServer({ ...seen, migration: null }, isBack),
    refuses: (server) => refusesFrom(server, null, ['resized']),
  };
}

function isThere(host: string | null, { from, to }: Move): boolean {
  return host !== null && host !== from && (to === null || host === to);
}

/** What the model shows, as nova would. */
export function shown(view: View, uuid: string): ServerFields {
  const instance = view.instance(uuid);
  return {
    host: instance?.place?.host ?? null,
    vmState: instance?.state?.vm_state ?? null,
    taskState: instance?.state?.task_state ?? null,
    locked: instance?.locked?.locked === true,
    fault: instance?.fault?.message ?? null,
  };
}

export function isOver(view: View, uuid: string): boolean {
  const instance = view.instance(uuid);
  return instance === undefined || (instance.state !== null && instance.state.task_state === null);
}

/** Why an instance must not be touched in the state in which nova shows it: somebody was faster. */
export function refusesFrom(server: Fields, from: string | null, states: readonly string[]): string | null {
  const { host, vmState, taskState, locked } = serverFields(asFields(server) ?? {});
  if (locked) return 'Somebody locked the instance.';
  if (from !== null && host !== from) return `The instance is on ${host ?? 'no host'}, not on ${from}.`;
  if (taskState !== null) return `nova is at work on the instance already (${taskState}).`;
  if (vmState === null || !states.includes(vmState)) {
    return `The instance is in state ${vmState ?? 'unknown'}; it would have to be ${states.join(' or ')}.`;
  }
  return null;
}
