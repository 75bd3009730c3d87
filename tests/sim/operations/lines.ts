import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Cloud, Process } from '../../../sim/cloud.ts';
import type { Emission } from '../../../sim/index.ts';
import { createSimulatedCloud } from '../../../sim/index.ts';
import { boot, createInstance } from '../../../sim/operations/boot.ts';
import type { Instance, ServerGroup } from '../../../sim/state/types.ts';
import { recorded } from '../recorded.ts';

/** What matters of a notification's order: who says what of which host and state. */
interface Said {
  readonly event: string;
  readonly publisher: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** The publishers whose host says something of the instance; all others are controllers. */
const TELLING = /^(nova-compute:|nova-conductor:.*)/;

/**
 * Notifications as lines `event publisher host state/task power block_devices`, with hosts named A, B, C in the order
 * in which they appear, so that sequences of different clouds can be compared.
 */
function lines(said: readonly Said[]): string[] {
  const names = new Map<string, string>();
  const role = (host: unknown): string => {
    if (typeof host !== 'string') return '-';
    let name = names.get(host);
    if (name === undefined) {
      name = String.fromCharCode(65 + names.size);
      names.set(host, name);
    }
    return name;
  };
  return said.map(({ event, publisher, data }) => {
    const [source = '', host] = publisher.split(':');
    const telling = TELLING.test(publisher) && event !== 'instance.update' && !event.startsWith('compute_task');
    const who = telling ? `${source}:${role(host)}` : source;
    if (data.task_state === undefined) return `${event} ${who}`;
    const devices = data.block_devices === null ? '' : ' bdms';
    const state = `${String(data.state)}/${String(data.task_state)} ${String(data.power_state)}`;
    return `${event} ${who} ${role(data.host)} ${state}${devices}${updateOf(data)}`;
  });
}

/** What an `instance.update` says was before. */
function updateOf(data: Readonly<Record<string, unknown>>): string {
  const update = data.state_update as { 'nova_object.data': Record<string, string | null> } | undefined;
  if (update === undefined) return '';
  const old = update['nova_object.data'];
  return ` (${String(old.old_state)}/${String(old.old_task_state)})`;
}

/** The sequence that the nth call of an API operation caused in a recording. */
export function recordedLines(file: string, operation: string, nth = 0): string[] {
  const path = join(import.meta.dirname, '../../data/recordings', `${file}.ops.jsonl`);
  const calls = readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as { op: string; request_id?: string })
    .filter(({ op }) => op === `api:${operation}`);
  const request = calls[nth]?.request_id;
  if (request === undefined) throw new Error(`${file} has no call ${nth} of ${operation}`);
  const said = recorded('recordings')
    .filter(({ file: from, message }) => from === `${file}.jsonl` && message._context_request_id === request)
    .map(({ message }) => ({
      event: message.event_type,
      publisher: message.publisher_id,
      data: message.payload['nova_object.data'],
    }));
  return lines(said);
}

/** In a trace of nova's functional tests: all `instance.*` of the request that first sent the given event. */
export function tracedLines(file: string, event: string): string[] {
  const messages = recorded('traces').filter(
    ({ file: from, message }) => from === `${file}.jsonl` && message.event_type.startsWith('instance.'),
  );
  const first = messages.find(({ message }) => message.event_type === event);
  const request = first?.message.payload['nova_object.data'].request_id;
  if (request === undefined) throw new Error(`${file} has no ${event}`);
  const said = messages
    .filter(({ message }) => message.payload['nova_object.data'].request_id === request)
    .map(({ message }) => ({
      event: message.event_type,
      publisher: message.publisher_id,
      data: message.payload['nova_object.data'],
    }));
  return lines(said);
}

/** A quiet cloud of four hosts, in which only what a test begins happens. */
export interface Stage {
  readonly cloud: Cloud;
  /** Runs an operation to its end; what it sent, as lines. */
  play(process: Process, instance?: Instance): string[];
  /** The same, as it was sent. */
  emissions(process: Process, instance?: Instance): Emission[];
  /** An instance that has been booted. */
  booted(): Instance;
}

export function stage(): Stage {
  const simulated = createSimulatedCloud({ hosts: 4, instances: 0, operationsPerSecond: 0, controllers: 1 });
  const { cloud } = simulated;
  let sent: Emission[] = [];
  simulated.onEmission((emission) => sent.push(emission));
  const emissions = (process: Process, instance?: Instance): Emission[] => {
    sent = [];
    cloud.begin(process, instance ?? null);
    while (cloud.underWay > 0) cloud.step(Number.POSITIVE_INFINITY);
    return sent;
  };
  return {
    cloud,
    emissions,
    play: (process, instance) => lines(emissions(process, instance).map(saidOf)),
    booted: () => {
      const instance = newServer(cloud);
      emissions(boot(cloud, cloud.request(instance.row.actor), instance), instance);
      return instance;
    },
  };
}

/** A server that was asked for, and nothing more. */
export function newServer(cloud: Cloud, group: ServerGroup | null = null): Instance {
  const [flavor] = cloud.fabric.flavors;
  const [image] = cloud.fabric.images;
  const [actor] = cloud.fabric.tenants;
  if (flavor === undefined || image === undefined || actor === undefined) throw new Error('the fabric is empty');
  return createInstance(cloud, { name: 'one', flavor, image, actor, group });
}

function saidOf(emission: Emission): Said {
  const payload = JSON.parse(emission.payload) as { 'nova_object.data': Record<string, unknown> };
  return { event: emission.eventType, publisher: emission.publisherId, data: payload['nova_object.data'] };
}
