import { clockTime } from '../../model/clock.ts';
import { elementKey } from '../../model/element.ts';
import { REGISTER } from '../../model/registers.ts';
import { factsOfAggregate, factsOfMissingAggregate } from '../../streams/reading/aggregate.ts';
import { factsOfMissingServerGroup, factsOfServerGroup } from '../../streams/reading/server-group.ts';
import { ApiError } from '../openstack/errors.ts';
import type { Asked, Suspects } from './absence.ts';
import { type Pass, stamped } from './pass.ts';
import { START_MARGIN } from './servers.ts';

/** Reads all aggregates; what the model has and nova does not list are suspects. */
export async function readAggregates(pass: Pass): Promise<Suspects> {
  const { nova, model } = pass.parts;
  const read = await nova.aggregates(pass.reading);
  pass.counts.read += read.value.length;
  const facts = pass.factsOfAll(read, factsOfAggregate);
  await pass.reviveListed(read, facts, () => REGISTER.life);
  await pass.commit(facts);
  const listed = new Set(read.value.map(({ uuid }) => uuid));
  const held = [...model.aggregates()].map(({ uuid }) => uuid);
  const names = held.filter((uuid) => !listed.has(uuid) && isOlder(pass, uuid, 'aggregate', read.reading.sent));
  return { kind: 'aggregate', known: held.length, names, ask: (uuid) => askForAggregate(pass, uuid) };
}

/** Reads all server groups; what the model has and nova does not list are suspects. */
export async function readServerGroups(pass: Pass): Promise<Suspects> {
  const { nova, model, options } = pass.parts;
  const listed = new Set<unknown>();
  let start = 0;
  for await (const page of nova.serverGroups(options.pageSize, pass.reading)) {
    start ||= page.reading.sent;
    for (const { id } of page.items) listed.add(id);
    pass.counts.read += page.items.length;
    await pass.commit(pass.factsOfAll(page, factsOfServerGroup));
  }
  const held = [...model.serverGroups()].map(({ uuid }) => uuid);
  const names = held.filter((uuid) => !listed.has(uuid) && isOlder(pass, uuid, 'server_group', start));
  return { kind: 'server_group', known: held.length, names, ask: (uuid) => askForServerGroup(pass, uuid) };
}

/** nova finds aggregates by number only. */
async function askForAggregate(pass: Pass, uuid: string): Promise<Asked> {
  const { nova, model } = pass.parts;
  const id = model.aggregate(uuid)?.id ?? null;
  if (id === null)
    throw new ApiError('refused', `Asking for aggregate ${uuid}`, 'its number was never told', {
      advice: 'It stays until an event tells its end.',
    });
  const read = await nova.aggregate(id, pass.reading);
  // A restored database may have given the number to another.
  if (read.value === null || read.value.uuid !== uuid)
    return { gone: true, facts: factsOfMissingAggregate(uuid, stamped(read)) };
  return { gone: false, facts: pass.factsOfAll({ ...read, value: [read.value] }, factsOfAggregate) };
}

async function askForServerGroup(pass: Pass, uuid: string): Promise<Asked> {
  const read = await pass.parts.nova.serverGroup(uuid, pass.reading);
  if (read.value === null) return { gone: true, facts: factsOfMissingServerGroup(uuid, stamped(read)) };
  return { gone: false, facts: pass.factsOfAll({ ...read, value: [read.value] }, factsOfServerGroup) };
}

/** Whether all that was told of it was told before a listing began: what is newer is no suspect. */
function isOlder(pass: Pass, uuid: string, kind: 'aggregate' | 'server_group', start: number): boolean {
  const told = pass.parts.model.explain(elementKey(kind, uuid)) ?? [];
  const main = kind === 'aggregate' ? REGISTER.aggregate : REGISTER.group;
  return told.every(({ register, clock }) => register !== main || clockTime(clock) < start - START_MARGIN);
}
