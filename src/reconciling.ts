import type { Logger } from 'pino';
import { findDoubts } from '../streams/doubts.ts';
import { connectOpenStack } from './openstack/connect.ts';
import type { OpenStackOptions } from './openstack/options.ts';
import { type Intervals, Reconciler } from './reconcile/reconciler.ts';
import type { Service } from './service.ts';

/** A reconciler that works for a service. */
export interface Reconciling {
  readonly reconciler: Reconciler;
  stop(): Promise<void>;
}

/** Connects a service with its cloud's APIs: what is doubtful is asked for, and passes make the model whole. */
export async function reconcile(
  service: Service,
  options: OpenStackOptions,
  intervals: Partial<Intervals>,
  log: Logger,
): Promise<Reconciling> {
  const openstack = await connectOpenStack(options, log);
  const reconciler = new Reconciler({
    nova: openstack.nova,
    placement: openstack.placement,
    store: service.store,
    model: service.model,
    log,
    intervals,
    onPass: ({ kind, complete, startedAt }) => {
      if (kind === 'full' && complete) service.passed(startedAt);
    },
  });
  service.reconcile = reconciler;
  service.running.add(
    service.feed$.subscribe((item) => {
      if (item.kind === 'changes') reconciler.observe(item.changes);
    }),
  );
  service.running.add(service.ingested$.pipe(findDoubts()).subscribe((doubt) => reconciler.doubt(doubt)));
  return {
    reconciler,
    stop: async () => {
      await reconciler.stop();
      await openstack.close();
    },
  };
}
