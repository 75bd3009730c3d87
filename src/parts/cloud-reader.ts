import type { ReadTarget } from '../actions/tools.ts';
import { caughtUp } from '../caught-up.ts';
import type { Foundation } from '../foundation.ts';
import { Reconciler } from '../reconcile/reconciler.ts';

/** Reads the cloud anew where something hangs on it. What went wrong is told in a sentence; null: nothing. */
export interface CloudReader {
  read(target: ReadTarget): Promise<string | null>;
  /** Hosts by name, instances by uuid, these with their hosts. */
  readEach(ids: readonly string[]): Promise<string | null>;
  readAll(): Promise<string | null>;
  stop(): Promise<void>;
}

const NO_API = 'no OpenStack API is configured';
const STOPPED = 'too many readings are waiting, or Vigil is being stopped';
/** Seconds: a reconciler that only reads what it is asked for makes no passes by itself. */
const NEVER = 2_592_000;
/** More than so many things are read by a pass over the cloud. */
const MOST_EACH = 100;

/** Uses the reconciler of the process where there is one; a process that does not ingest has one of its own for this. */
export function cloudReader({ roles, service, openstack, log }: Foundation): CloudReader {
  if (openstack === null) {
    const no = async (): Promise<string> => NO_API;
    return { read: no, readEach: no, readAll: no, stop: async () => undefined };
  }
  const { store, model } = service;
  const { nova, placement } = openstack;
  const intervals = { full: NEVER, changes: NEVER, services: NEVER };
  const own = roles.has('ingest')
    ? null
    : new Reconciler({ nova, placement, store, model, log, intervals, onPass: () => undefined });
  let started = false;

  const read = async (target: ReadTarget): Promise<string | null> => {
    const report = await (service.reconcile ?? own)?.refresh(target);
    await caughtUp(service);
    return report == null ? STOPPED : (report.problems[0] ?? null);
  };
  const readAll = async (): Promise<string | null> => {
    if (own !== null && !started) own.start();
    started = true;
    const report = await (service.reconcile ?? own)?.refreshAll();
    await caughtUp(service);
    if (report == null) return STOPPED;
    return report.complete ? null : (report.problems[0] ?? 'the pass over the cloud is not complete');
  };
  const readEach = async (ids: readonly string[]): Promise<string | null> => {
    const instances = new Set(ids.filter((id) => model.instance(id) !== undefined));
    const hosts = new Set([
      ...ids.filter((id) => !instances.has(id)),
      ...[...instances].map((id) => model.instance(id)?.place?.host ?? null).filter((host) => host !== null),
    ]);
    if (instances.size + hosts.size > MOST_EACH) return readAll();
    const of = (kind: ReadTarget['kind'], all: Iterable<string>): ReadTarget[] => [...all].map((id) => ({ kind, id }));
    const problems = await Promise.all([...of('instance', instances), ...of('host', hosts)].map(read));
    return problems.find((problem) => problem !== null) ?? null;
  };
  return { read, readEach, readAll, stop: async () => own?.stop() };
}
