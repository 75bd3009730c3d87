import type { Fact } from '../../model/fact.ts';
import { factsOf, instanceNamed } from '../../streams/authority/facts.ts';
import { dataOf, decodeEnvelope, type Fields } from '../../streams/decode/envelope.ts';
import { parseTime } from '../../streams/decode/time.ts';
import { stampOf } from '../../streams/reading/read.ts';
import { factsOfMissingServer, factsOfServer } from '../../streams/reading/server.ts';
import { fakeServer } from '../src/openstack/fake-cloud.ts';
import type { Scenario, Truth } from './corpus.ts';
import { AFTERWARDS } from './replayed.ts';

const SECOND = 1_000_000;

/** The facts of a read of one instance, asked for at a time (µs, nova's clock), of a row last saved at a second. */
export function readOf(uuid: string, truth: Truth, sent: number, updated: number): Fact[] {
  const reading = { request: `GET /servers/${uuid}`, id: `req-${uuid}-${sent}`, endpoint: 'http://nova/v2.1', sent };
  const stamp = stampOf(reading, sent + SECOND, AFTERWARDS);
  if (truth.deleted) return factsOfMissingServer(uuid, stamp);
  const server = fakeServer(uuid, {
    updated: `${new Date(updated * 1000).toISOString().slice(0, 19)}Z`,
    'OS-EXT-SRV-ATTR:host': truth.host,
    'OS-EXT-SRV-ATTR:hypervisor_hostname': truth.node,
    'OS-EXT-STS:vm_state': truth.state,
    'OS-EXT-STS:task_state': truth.task_state,
  });
  return factsOfServer(server, stamp);
}

/** What a scenario's messages say of one instance: the greatest version of its row, in seconds, and the last time, in µs. */
export function lastOf(scenario: Scenario, uuid: string): { readonly updated: number; readonly time: number } {
  let updated = 0;
  let time = 0;
  for (const body of scenario.bodies) {
    const notification = decodeEnvelope(body);
    if (instanceNamed(notification) !== uuid) continue;
    const version = dataOf(notification.payload, 'payload').updated_at;
    if (typeof version === 'string') updated = Math.max(updated, Math.floor(parseTime(version) / SECOND));
    time = Math.max(time, notification.time);
  }
  return { updated, time };
}

/** An instance's row as nova had it from one time to another (µs): what a read in between would have told. */
export interface Moment {
  readonly uuid: string;
  readonly row: Truth;
  /** When it was saved, in whole seconds. */
  readonly updated: number;
  readonly from: number;
  readonly until: number;
}

/**
 * The rows an instance had during a scenario. An `instance.update` carries the row just written, but its updated_at lags
 * one save behind: the row's own is in the next update.
 */
export function momentsOf(scenario: Scenario): Moment[] {
  const saves = new Map<string, { row: Truth; before: number; time: number }[]>();
  for (const body of scenario.bodies) {
    const notification = decodeEnvelope(body);
    if (notification.event !== 'instance.update') continue;
    const { facts } = factsOf(notification, AFTERWARDS);
    const isRow = facts.some(({ register }) => register === 'place' || register === 'life');
    if (!isRow) continue;
    const data = dataOf(notification.payload, 'payload');
    const uuid = String(data.uuid);
    const list = saves.get(uuid) ?? [];
    list.push({ row: rowOf(data), before: parseTime(String(data.updated_at ?? '')) / SECOND, time: notification.time });
    saves.set(uuid, list);
  }
  const moments: Moment[] = [];
  for (const [uuid, list] of saves) {
    list.sort((a, b) => a.time - b.time);
    for (const [i, { row, time }] of list.entries()) {
      const next = list[i + 1];
      const updated = next === undefined || Number.isNaN(next.before) ? Math.floor(time / SECOND) : next.before;
      // The next row is saved before the update that tells of it is sent.
      const until = next === undefined ? time + 2 * SECOND : next.time - 1;
      moments.push({ uuid, row, updated, from: time, until });
    }
  }
  return moments;
}

function rowOf(data: Fields): Truth {
  if (data.state === 'deleted') return { deleted: true };
  const text = (name: string): string | null => (data[name] as string | null) ?? null;
  return {
    deleted: false,
    host: text('host'),
    node: text('node'),
    state: text('state'),
    task_state: text('task_state'),
  };
}
