import { findDoubts } from '../../streams/doubts.ts';
import type { Config } from '../config/schema/config.ts';
import type { Foundation } from '../foundation.ts';
import { Reconciler } from '../reconcile/reconciler.ts';
import type { Part } from './part.ts';

type Needed = Pick<Foundation, 'service' | 'openstack' | 'log'> & { readonly config: Pick<Config, 'reconcile'> };

/** Compares the model with the cloud's APIs: what is doubtful is asked for, and passes make the model whole. */
export function reconciling({ config, service, openstack, log }: Needed): Part {
  if (openstack === null) return {};
  const { interval: full, increment: changes } = config.reconcile;
  const reconciler = new Reconciler({
    nova: openstack.nova,
    placement: openstack.placement,
    store: service.store,
    model: service.model,
    log,
    intervals: { full, changes },
    onPass: ({ kind, complete, startedAt }) => {
      if (complete) service.answered();
      if (kind === 'full' && complete) service.passed(startedAt);
    },
  });
  return {
    begin: () => {
      service.reconcile = reconciler;
      service.running.add(
        service.feed$.subscribe((item) => {
          if (item.kind === 'changes') reconciler.observe(item.changes);
        }),
      );
      service.running.add(service.ingested$.pipe(findDoubts()).subscribe((doubt) => reconciler.doubt(doubt)));
      service.running.add(service.gaps$.subscribe(() => void reconciler.refreshAll()));
      reconciler.start();
    },
    end: () => reconciler.stop(),
  };
}
