import type { ReadTarget } from '../actions/tools.ts';
import { caughtUp } from '../caught-up.ts';
import type { Foundation } from '../foundation.ts';
import { Reconciler } from '../reconcile/reconciler.ts';

/** Reads the cloud anew where something hangs on it. What went wrong is told in a sentence; null: nothing. */
export interface CloudReader {
  read(target: ReadTarget): Promise<string | null>;
  readAll(): Promise<string | null>;
  stop(): Promise<void>;
}

const NO_API = 'no OpenStack API is configured';
const STOPPED = 'too many readings are waiting, or Vigil is being stopped';
/** Seconds: a reconciler that only reads what it is asked for makes no passes by itself. */
const NEVER = 2_592_000;

/** Uses the reconciler of the process where there is one; a process that does not ingest has one of its own for this. */
export function cloudReader({ roles, service, openstack, log }: Foundation): CloudReader {
  if (openstack === null) {
    return { read: async () => NO_API, readAll: async () => NO_API, stop: async () => undefined };
  }
  const { store, model } = service;
  const { nova, placement } = openstack;
  const intervals = { full: NEVER, changes: NEVER, services: NEVER };
  const own = roles.has('ingest')
    ? null
    : new Reconciler({ nova, placement, store, model, log, intervals, onPass: () => undefined });
  let started = false;
  return {
    read: async (target) => {
      const report = await (service.reconcile ?? own)?.refresh(target);
      await caughtUp(service);
      return report == null ? STOPPED : (report.problems[0] ?? null);
    },
    readAll: async () => {
      if (own !== null && !started) own.start();
      started = true;
      const report = await (service.reconcile ?? own)?.refreshAll();
      await caughtUp(service);
      if (report == null) return STOPPED;
      return report.complete ? null : (report.problems[0] ?? 'the pass over the cloud is not complete');
    },
    stop: async () => own?.stop(),
  };
}
