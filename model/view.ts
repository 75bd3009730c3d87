import type { Aggregate, ServerGroup } from './grouping.ts';
import type { Host } from './host.ts';
import type { Instance } from './instance.ts';
import type { Revision } from './revision.ts';
import type { Totals } from './totals.ts';

/**
 * What queries and strategies read. Deleted things are not in it. Everything handed out is frozen and stays as it is; a
 * later state is another object. Iterables are valid within the tick in which they were taken.
 */
export interface View {
  readonly revision: Revision;
  instance(uuid: string): Instance | undefined;
  instances(): Iterable<Instance>;
  instanceCount(): number;
  instancesOn(host: string): Iterable<Instance>;
  instancesOf(project: string): Iterable<Instance>;
  host(name: string): Host | undefined;
  hosts(): Iterable<Host>;
  /** What runs on a host: instances whose place it is. */
  totalsOn(host: string): Totals;
  aggregate(uuid: string): Aggregate | undefined;
  aggregates(): Iterable<Aggregate>;
  aggregatesOf(host: string): Iterable<Aggregate>;
  serverGroup(uuid: string): ServerGroup | undefined;
  serverGroups(): Iterable<ServerGroup>;
  groupsOf(instance: string): Iterable<ServerGroup>;
}
