import { clockTime } from '../../model/clock.ts';
import { elementKey } from '../../model/element.ts';
import type { Fact } from '../../model/fact.ts';
import type { Host } from '../../model/host.ts';
import { sameValue } from '../../model/join.ts';
import type { LiveModel } from '../../model/live-model.ts';
import { REGISTER } from '../../model/registers.ts';
import {
  factsOfHypervisor,
  factsOfMissingNode,
  factsOfMissingService,
  factsOfService,
  type HypervisorIdentity,
  hypervisorIdentity,
  isServiceOfDownCell,
} from '../../streams/reading/host.ts';
import { ApiError } from '../openstack/errors.ts';
import type { Fields, Read } from '../openstack/reading-client.ts';
import type { Asked, Suspects } from './absence.ts';
import { type Pass, stamped } from './pass.ts';
import { START_MARGIN } from './servers.ts';

/** What a list of services showed. */
export interface ServicesRead {
  readonly suspects: Suspects;
  /** Hosts in cells that are down: nothing can be learnt of what is there. */
  readonly hostsDown: readonly string[];
  /** Hosts that have a service and, in the model, no node. */
  readonly hostsBare: readonly string[];
}

/**
 * Reads the nova-compute services: enabled or not, up or down. With `differing` only what differs from the model is
 * committed: a poll comes again in seconds, and would otherwise write every host each time.
 */
export async function readServices(pass: Pass, differing: boolean): Promise<ServicesRead> {
  const { nova, model } = pass.parts;
  const read = await nova.services(null, pass.reading);
  pass.counts.read += read.value.length;
  const facts = pass.factsOfAll(read, factsOfService);
  await pass.reviveListed(read, facts, ({ register }) => register.replace(REGISTER.service, REGISTER.serviceLife));
  await pass.commit(differing ? facts.filter((fact) => differs(fact, model)) : facts);
  const hostsDown = read.value.filter(isServiceOfDownCell).map(({ host }) => String(host));
  const listed = new Set(read.value.map(({ id }) => id));
  const missing = new Map<string, string>();
  for (const host of model.hosts()) {
    const uuid = host.service?.uuid;
    if (uuid === undefined || listed.has(uuid) || hostsDown.includes(host.name)) continue;
    if (toldAt(model, host.name, REGISTER.service + uuid) < read.reading.sent - START_MARGIN)
      missing.set(uuid, host.name);
  }
  return {
    suspects: {
      kind: 'service',
      known: [...model.hosts()].length,
      names: [...missing.keys()],
      ask: (uuid) => askForService(pass, missing.get(uuid) ?? '', uuid),
    },
    hostsDown,
    hostsBare: read.value
      .filter((row) => !isServiceOfDownCell(row) && (model.host(String(row.host))?.nodes ?? []).length === 0)
      .map(({ host }) => String(host)),
  };
}

/** Reads the services of one host. Whether nova has any. */
export async function readServicesOf(pass: Pass, host: string): Promise<boolean> {
  const { nova, model } = pass.parts;
  const read = await nova.services(host, pass.reading);
  pass.counts.read += read.value.length;
  await pass.commit(pass.factsOfAll(read, factsOfService));
  if (read.value.some(isServiceOfDownCell)) throw cellDown(host);
  const held = model.host(host)?.service?.uuid;
  if (held !== undefined && read.value.every(({ id }) => id !== held)) {
    pass.counts.gone += 1;
    await pass.commit(factsOfMissingService(host, held, stamped(read)));
  }
  return read.value.length > 0;
}

/** Reads all hypervisors. A node that another host has now is taken from the one that had it. */
export async function readHypervisors(pass: Pass): Promise<Suspects> {
  const { nova, model, options } = pass.parts;
  const nodes = new Map<string, HypervisorIdentity>();
  let last: Read<readonly Fields[]> | null = null;
  let start = 0;
  for await (const page of nova.hypervisors(options.pageSize, pass.reading)) {
    last = page;
    start ||= page.reading.sent;
    pass.counts.read += page.items.length;
    const facts = pass.factsOfAll(page, (hypervisor, stamp) => {
      const identity = hypervisorIdentity(hypervisor);
      nodes.set(identity.uuid, identity);
      return factsOfHypervisor(hypervisor, stamp);
    });
    await pass.commit(facts);
  }
  await pass.replicated();
  const missing = new Map<string, HypervisorIdentity>();
  for (const held of nodesOf(model.hosts())) {
    if (toldAt(model, held.host, REGISTER.inventory + held.node) >= start - START_MARGIN) continue;
    const now = nodes.get(held.uuid);
    if (now === undefined) missing.set(held.uuid, held);
    else if ((now.host !== held.host || now.node !== held.node) && last !== null)
      await pass.commit(factsOfMissingNode(held.host, held.node, stamped(last)));
  }
  const ask = (uuid: string): Promise<Asked> => askForNode(pass, missing.get(uuid));
  return { kind: 'node', known: nodes.size + missing.size, names: [...missing.keys()], ask };
}

/** Reads the nodes that the model has of one host. */
export async function readNodesOf(pass: Pass, host: string): Promise<void> {
  const known = pass.parts.model.host(host);
  for (const held of known === undefined ? [] : nodesOf([known])) {
    const { gone, facts } = await askForNode(pass, held);
    pass.counts.read += 1;
    if (gone) pass.counts.gone += 1;
    await pass.commit(facts);
  }
}

/** The nodes of hosts, as hypervisors are found. */
export function* nodesOf(hosts: Iterable<Host>): Iterable<HypervisorIdentity> {
  for (const { name: host, nodes } of hosts) for (const { name: node, uuid } of nodes) yield { host, node, uuid };
}

async function askForService(pass: Pass, host: string, uuid: string): Promise<Asked> {
  const read = await pass.parts.nova.services(host, pass.reading);
  if (read.value.some(isServiceOfDownCell)) throw cellDown(host);
  if (read.value.some(({ id }) => id === uuid)) return { gone: false, facts: pass.factsOfAll(read, factsOfService) };
  return { gone: true, facts: factsOfMissingService(host, uuid, stamped(read)) };
}

async function askForNode(pass: Pass, held: HypervisorIdentity | undefined): Promise<Asked> {
  if (held === undefined) return { gone: false, facts: [] };
  const read = await pass.parts.nova.hypervisor(held.uuid, pass.reading);
  if (read.value === null) return { gone: true, facts: factsOfMissingNode(held.host, held.node, stamped(read)) };
  return { gone: false, facts: pass.factsOfAll({ ...read, value: [read.value] }, factsOfHypervisor) };
}

function cellDown(host: string): ApiError {
  return new ApiError('server-error', `Reading host ${host}`, 'its cell is down', {
    advice: 'Look into the database and message queue of that cell.',
  });
}

/** When a register of a host was told last, in µs; 0 when it never was. */
function toldAt(model: LiveModel, host: string, register: string): number {
  const told = model.explain(elementKey('host', host))?.find((one) => one.register === register);
  return told === undefined ? 0 : clockTime(told.clock);
}

function differs(fact: Fact, model: LiveModel): boolean {
  const held = model.explain(fact.element)?.find(({ register }) => register === fact.register);
  return held === undefined || !sameValue(held.value, fact.value);
}
