import { findDoubts } from '../../streams/doubts.ts';
import type { Config } from '../config/schema/config.ts';
import type { Foundation } from '../foundation.ts';
import type { OpenStack } from '../openstack/connect.ts';
import { Reconciler } from '../reconcile/reconciler.ts';
import type { Service } from '../service.ts';
import type { Part } from './part.ts';

type Needed = Pick<Foundation, 'service' | 'openstack' | 'log'> & { readonly config: Pick<Config, 'reconcile'> };

/** Compares the model with the cloud's APIs: what is doubtful is asked for, and passes make the model whole. */
export function reconciling(needed: Needed): Part {
  const { service, openstack } = needed;
  if (openstack === null) return {};
  const reconciler = reconcilerOf(needed, openstack);
  return {
    begin: () => {
      service.reconcile = reconciler;
      watch(service, reconciler, {
        tooManyDoubts: () => undefined, // an increment of its own answers them
        gap: () => void reconciler.refreshAll(),
      });
      reconciler.start();
    },
    end: () => reconciler.stop(),
  };
}

/** What compares the model with the cloud's APIs, at rest. */
export function reconcilerOf({ config, service, log }: Needed, { nova, placement }: OpenStack): Reconciler {
  const { interval: full, increment: changes } = config.reconcile;
  return new Reconciler({
    nova,
    placement,
    store: service.store,
    model: service.model,
    log,
    intervals: { full, changes },
    onPass: ({ kind, complete, startedAt }) => {
      if (complete) service.answered();
      if (kind === 'full' && complete) service.passed(startedAt);
    },
  });
}

/** Shows a reconciler what this process takes in. */
export function watch(service: Service, reconciler: Reconciler, on: { tooManyDoubts(): void; gap(): void }): void {
  service.running.add(
    service.feed$.subscribe((item) => {
      if (item.kind === 'changes') reconciler.observe(item.changes);
    }),
  );
  service.running.add(
    service.ingested$.pipe(findDoubts()).subscribe((doubt) => {
      if (!reconciler.doubt(doubt)) on.tooManyDoubts();
    }),
  );
  service.running.add(service.gaps$.subscribe(() => on.gap()));
}
