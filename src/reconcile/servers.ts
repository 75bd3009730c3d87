import { clockTime } from '../../model/clock.ts';
import { elementKey } from '../../model/element.ts';
import type { LiveModel } from '../../model/live-model.ts';
import { REGISTER } from '../../model/registers.ts';
import { factsOfMissingServer, factsOfServer, isOfDownCell } from '../../streams/reading/server.ts';
import { ApiError } from '../openstack/errors.ts';
import type { PageRead } from '../openstack/nova.ts';
import type { Asked, Suspects } from './absence.ts';
import { type Pass, stamped } from './pass.ts';

const MICROS_PER_SECOND = 1_000_000;
/**
 * nova's clock is known to about a second: what was told so shortly before a listing began may have been told after.
 */
export const START_MARGIN = 2 * MICROS_PER_SECOND;
/** How many instances are looked at before others get the thread. */
const LOOKED_AT = 500;

export interface ServersRead {
  readonly suspects: Suspects;
  /** When the listing began, in nova's clock, in µs: changes since then are not all in it. */
  readonly start: number;
}

/** Reads the servers of all projects, page by page; what the model has and nova does not list are suspects. */
export async function readAllServers(pass: Pass): Promise<ServersRead> {
  const { nova, model, options } = pass.parts;
  let start = 0;
  for await (const page of nova.servers({}, options.pageSize, pass.reading)) {
    start ||= page.reading.sent;
    await takePage(pass, page);
  }
  await pass.replicated();
  const names = await instancesUntoldSince(pass, start - START_MARGIN);
  const mayAll = onceOnly(() => nova.mustSeeAllProjects(pass.reading));
  const ask = (uuid: string): Promise<Asked> => askForServer(pass, uuid, mayAll);
  return { suspects: { kind: 'instance', known: model.instanceCount(), names, ask }, start };
}

/**
 * Reads what changed at or after a time (µs, nova's clock), deletions included. Returns when it was asked for, to go on
 * from.
 */
export async function readChangedServers(pass: Pass, since: number): Promise<number> {
  const { nova, options } = pass.parts;
  const changesSince = `${new Date(since / 1000).toISOString().slice(0, 19)}Z`;
  let start = 0;
  for await (const page of nova.servers({ changesSince }, options.pageSize, pass.reading)) {
    start ||= page.reading.sent;
    await takePage(pass, page);
  }
  return start;
}

/** Reads the servers of one host; those the model has there and nova does not list are asked for one by one. */
export async function readServersOf(pass: Pass, host: string): Promise<void> {
  const { nova, model, options } = pass.parts;
  const listed = new Set<unknown>();
  for await (const page of nova.servers({ host }, options.pageSize, pass.reading)) {
    for (const { id } of page.items) listed.add(id);
    await takePage(pass, page);
  }
  const missing = [...model.instancesOn(host)].filter(({ uuid }) => !listed.has(uuid));
  for (const { uuid } of missing) await readServer(pass, uuid);
}

async function takePage(pass: Pass, page: PageRead): Promise<void> {
  pass.counts.read += page.items.length;
  await pass.commit(pass.factsOfAll(page, factsOfServer));
  await reviveListed(pass, page);
}

/**
 * Servers that nova lists although their end was told: nova tells it before it deletes the row, and the deletion can fail.
 * Each is asked for by itself, since it may have been deleted after it was listed, and
 * once more when the pass is over: nobody will tell again that it is gone if it was only about to be.
 */
async function reviveListed(pass: Pass, page: PageRead): Promise<void> {
  const { nova, model } = pass.parts;
  const buried = page.items.map(({ id }) => String(id)).filter((uuid) => model.isDeleted(elementKey('instance', uuid)));
  for (const uuid of buried) {
    const read = await nova.server(uuid, pass.reading);
    if (read.value === null || read.value['OS-EXT-STS:vm_state'] === 'deleted') continue;
    const facts = pass.factsOfAll({ ...read, value: [read.value] }, factsOfServer);
    if (facts.length === 0) continue;
    await pass.revive(elementKey('instance', uuid), facts);
    pass.revived.push(uuid);
  }
}

/** Reads one server by itself. Whether nova has it, or the model had it. */
export async function readServer(pass: Pass, uuid: string): Promise<boolean> {
  const { nova, model } = pass.parts;
  const { gone, facts } = await askForServer(pass, uuid, () => nova.mustSeeAllProjects(pass.reading));
  // Nobody ever heard of it: there is nothing to bury.
  if (gone && model.explain(elementKey('instance', uuid)) === null) return false;
  pass.counts.read += 1;
  if (gone) pass.counts.gone += 1;
  await pass.commit(facts);
  return true;
}

/** nova's word on one server. That there is none is believed only of a nova that shows the servers of all projects. */
async function askForServer(pass: Pass, uuid: string, mayAll: () => Promise<void>): Promise<Asked> {
  const read = await pass.parts.nova.server(uuid, pass.reading);
  const stamp = stamped(read);
  if (read.value === null) {
    await mayAll();
    return { gone: true, facts: factsOfMissingServer(uuid, stamp) };
  }
  if (isOfDownCell(read.value))
    throw new ApiError('server-error', `Reading instance ${uuid}`, 'its cell is down', {
      advice: 'Look into the database and message queue of that cell.',
    });
  return { gone: false, facts: pass.factsOfAll({ ...read, value: [read.value] }, factsOfServer) };
}

/** Instances of which nothing was said since a time (µs): neither the listing nor a notification told of them. */
async function instancesUntoldSince(pass: Pass, time: number): Promise<string[]> {
  const { model, timing } = pass.parts;
  const uuids = [...model.instances()].map(({ uuid }) => uuid);
  const untold: string[] = [];
  for (const [i, uuid] of uuids.entries()) {
    if (i % LOOKED_AT === LOOKED_AT - 1) await timing.wait(0, pass.reading.signal);
    if (newestOf(model, uuid) < time && model.instance(uuid) !== undefined) untold.push(uuid);
  }
  return untold;
}

/**
 * The latest time anything was said of an instance, in µs; 0 when nothing was. What was read of its migrations does not
 * count: those of a server that was deleted are read to have ended.
 */
function newestOf(model: LiveModel, uuid: string): number {
  const said = model.explain(elementKey('instance', uuid)) ?? [];
  return said.reduce(
    (newest, { register, clock }) => (register === REGISTER.migration ? newest : Math.max(newest, clockTime(clock))),
    0,
  );
}

function onceOnly(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | null = null;
  return () => {
    done ??= work();
    return done;
  };
}
