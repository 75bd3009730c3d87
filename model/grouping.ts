import type { Registers } from './held.ts';
import { read } from './instance.ts';
import { type AggregateState, type GroupState, REGISTER } from './registers.ts';

/** A host aggregate. */
export interface Aggregate {
  readonly uuid: string;
  readonly id: number | null;
  readonly name: string;
  readonly hosts: readonly string[];
  readonly metadata: { readonly [key: string]: string };
}

/** A server group. `members` are all that were ever added; nova tells of no removal, so deleted ones are left out in views. */
export interface ServerGroup {
  readonly uuid: string;
  readonly name: string | null;
  readonly policy: string | null;
  readonly max_server_per_host: number | null;
  readonly project_id: string | null;
  readonly members: readonly string[];
}

export function aggregateFrom(uuid: string, registers: Registers): Aggregate | null {
  const state = read<AggregateState>(registers, REGISTER.aggregate);
  if (state === null) return null;
  return Object.freeze({ uuid, id: state.id, name: state.name, hosts: state.hosts, metadata: state.metadata });
}

/** The availability zone an aggregate gives its hosts, null when it gives none. */
export function zoneOf<A extends Pick<Aggregate, 'metadata'>>(aggregate: A): string | null {
  return aggregate.metadata.availability_zone ?? null;
}

export function groupFrom(uuid: string, registers: Registers): ServerGroup {
  const state = read<GroupState>(registers, REGISTER.group);
  const members = registers.family(REGISTER.member).flatMap(([member, { value }]) => (value === true ? [member] : []));
  return Object.freeze({
    uuid,
    name: state?.name ?? null,
    policy: state?.policy ?? null,
    max_server_per_host: state?.max_server_per_host ?? null,
    project_id: state?.project_id ?? null,
    members: Object.freeze(members.sort()),
  });
}
