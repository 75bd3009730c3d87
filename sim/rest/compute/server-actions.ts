import type { Process } from '../../cloud.ts';
import { lock, resetState, unlock } from '../../operations/edit.ts';
import { evacuate } from '../../operations/evacuate.ts';
import { liveMigration } from '../../operations/live-migration.ts';
import { reboot, rescue, type SimpleName, simple } from '../../operations/power.ts';
import { rebuild } from '../../operations/rebuild.ts';
import { confirmResize, resize, revertResize } from '../../operations/resize.ts';
import { isUp } from '../../operations/service.ts';
import { shelve, unshelve } from '../../operations/shelve.ts';
import type { Host, Instance } from '../../state/types.ts';
import type { Call } from '../api.ts';
import { badRequest, conflict, forbidden } from '../errors.ts';
import { objectOf, optionalTextOf, textOf } from '../input.ts';
import type { Route } from '../routes.ts';
import { serverView } from './server-view.ts';
import { findIdleServer, findServer } from './servers.ts';

type Fields = Readonly<Record<string, unknown>>;

/** An action of POST /servers/{id}/action. */
interface Action {
  /** The vm_states in which it is allowed. */
  readonly states: readonly string[];
  readonly admin?: boolean;
  readonly status?: number;
  readonly begin: (call: Call, instance: Instance, fields: Fields) => Process;
  /** What it answers; most answer nothing. */
  readonly answer?: (call: Call, instance: Instance) => object;
}

const ACTIONS: Readonly<Record<string, Action>> = {
  'os-stop': power('stop', ['active', 'error']),
  'os-start': power('start', ['stopped']),
  pause: power('pause', ['active']),
  unpause: power('unpause', ['paused']),
  suspend: power('suspend', ['active']),
  resume: power('resume', ['suspended']),
  unrescue: power('unrescue', ['rescued']),
  reboot: {
    states: ['active', 'stopped', 'paused', 'suspended', 'error'],
    begin: (call, instance, fields) => {
      const type = textOf(fields, 'type');
      if (type !== 'SOFT' && type !== 'HARD') throw badRequest(`Invalid reboot type '${type}'`);
      return reboot(call.cloud, call.request, instance, type);
    },
  },
  rescue: {
    states: ['active', 'stopped', 'error'],
    status: 200,
    begin: (call, instance) => rescue(call.cloud, call.request, instance),
    answer: () => ({ adminPass: 'simulated' }),
  },
  'os-migrateLive': {
    states: ['active', 'paused'],
    admin: true,
    begin: (call, instance, fields) => {
      const to = targetOf(call, fields, instance);
      requireHost(call, instance);
      return liveMigration(call.cloud, call.request, instance, to);
    },
  },
  migrate: {
    states: ['active', 'stopped'],
    admin: true,
    begin: (call, instance, fields) => {
      requireHost(call, instance);
      return resize(call.cloud, call.request, instance, { to: targetOf(call, fields, instance) });
    },
  },
  resize: {
    states: ['active', 'stopped'],
    begin: (call, instance, fields) => {
      const flavorRef = textOf(fields, 'flavorRef');
      const flavor = call.cloud.fabric.flavors.find(({ flavorid }) => flavorid === flavorRef);
      if (flavor === undefined) throw badRequest(`Unable to locate requested flavor.`);
      if (flavor === instance.row.flavor) throw badRequest('When resizing, instances must change flavor!');
      requireHost(call, instance);
      return resize(call.cloud, call.request, instance, { flavor });
    },
  },
  confirmResize: {
    states: ['resized'],
    status: 204,
    begin: (call, instance) => confirmResize(call.cloud, call.request, instance),
  },
  revertResize: {
    states: ['resized'],
    begin: (call, instance) => revertResize(call.cloud, call.request, instance),
  },
  evacuate: {
    states: ['active', 'stopped', 'error'],
    admin: true,
    status: 200,
    begin: (call, instance, fields) => {
      const host = call.cloud.hosts.get(instance.row.host ?? '');
      if (host !== undefined && isUp(call.cloud, host)) {
        throw badRequest(`Compute service of ${host.name} is still in use.`);
      }
      return evacuate(call.cloud, call.request, instance, {
        to: targetOf(call, fields, instance),
        stop: call.version >= 95,
      });
    },
    answer: (call) => (call.version >= 14 ? {} : { adminPass: 'simulated' }),
  },
  shelve: {
    states: ['active', 'stopped', 'paused', 'suspended'],
    begin: (call, instance) => {
      requireHost(call, instance);
      return shelve(call.cloud, call.request, instance);
    },
  },
  unshelve: {
    states: ['shelved_offloaded'],
    begin: (call, instance, fields) => unshelve(call.cloud, call.request, instance, targetOf(call, fields, instance)),
  },
  rebuild: {
    states: ['active', 'stopped', 'error'],
    begin: (call, instance, fields) => {
      const imageRef = textOf(fields, 'imageRef');
      const image = call.cloud.fabric.images.find(({ id }) => id === imageRef);
      if (image === undefined) throw badRequest('Cannot find image for rebuild');
      requireHost(call, instance);
      const name = optionalTextOf(fields, 'name') ?? instance.row.displayName;
      return rebuild(call.cloud, call.request, instance, image, name);
    },
    answer: (call, instance) => ({ server: serverView(call, instance, 'alone') }),
  },
};

function power(name: SimpleName, states: readonly string[]): Action {
  return {
    states,
    begin: (call, instance) => {
      requireHost(call, instance);
      return simple(call.cloud, call.request, instance, name);
    },
  };
}

/** POST /servers/{id}/action */
export const SERVER_ACTION_ROUTES: readonly Route[] = [['POST', '/servers/:id/action', act]];

function act(call: Call): object | null {
  const body = objectOf(call.body, 'body');
  const names = Object.keys(body);
  const [name = ''] = names;
  if (names.length !== 1) throw badRequest('There must be exactly one action in the body');
  const fields = body[name] === null ? {} : objectOf(body[name], name);
  if (EDITS.has(name)) return edit(call, name, fields);
  const action = Object.hasOwn(ACTIONS, name) ? ACTIONS[name] : undefined;
  if (action === undefined) throw badRequest(`There is no such action: ${name}`);
  if (action.admin === true) requireAdmin(call, name);
  const instance = findIdleServer(call, name, action.states);
  call.cloud.begin(action.begin(call, instance, fields), instance);
  void call.reply.status(action.status ?? 202);
  return action.answer?.(call, instance) ?? null;
}

/** What the API does by itself, whatever the state. */
const EDITS = new Set(['lock', 'unlock', 'os-resetState']);

function edit(call: Call, name: string, fields: Fields): null {
  const instance = findServer(call);
  const { cloud, request } = call;
  if (name === 'lock') cloud.begin(lock(cloud, request, instance, optionalTextOf(fields, 'locked_reason')));
  else if (name === 'unlock') cloud.begin(unlock(cloud, request, instance));
  else {
    requireAdmin(call, name);
    const state = textOf(fields, 'state');
    if (state !== 'active' && state !== 'error') throw badRequest(`Invalid state: ${state}`);
    resetState(cloud, request, instance, state);
  }
  void call.reply.status(202);
  return null;
}

function requireAdmin(call: Call, action: string): void {
  if (!call.isAdmin) throw forbidden(`Policy doesn't allow ${action} to be performed.`);
}

/** The instance's own host must be there to do it. */
function requireHost(call: Call, instance: Instance): void {
  const host = call.cloud.hosts.get(instance.row.host ?? '');
  if (host === undefined) throw conflict(`Instance ${instance.row.uuid} is not ready`);
  if (!isUp(call.cloud, host) || !host.alive) throw conflict('Service is unavailable at this time.');
}

/** The host asked for. @throws ApiError 400 when there is none of that name, or it is the server's own */
function targetOf(call: Call, fields: Fields, instance: Instance): Host | null {
  const name = optionalTextOf(fields, 'host');
  if (name === null) return null;
  const host = call.cloud.hosts.get(name);
  if (host === undefined) throw badRequest(`Compute host ${name} could not be found.`);
  if (host.name === instance.row.host) throw badRequest(`Unable to migrate instance to current host (${name}).`);
  return host;
}
