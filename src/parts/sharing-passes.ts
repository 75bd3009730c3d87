import { Leader, newHolder } from '../audits/leader.ts';
import { caughtUp } from '../caught-up.ts';
import type { Foundation } from '../foundation.ts';
import { Answerer, Inquirer } from '../inquiry.ts';
import { RECONCILE_MATTER, type ReconcileQuestions, reconcilingBy } from '../reconcile/questions.ts';
import { SharedPasses } from '../reconcile/shared-passes.ts';
import type { Part } from './part.ts';
import { reconcilerOf, watch } from './reconciling.ts';

const LEASE = 'passes';

/** The part that {@link reconciling} is where one process is alone, and what it knows of the passes (null: there is no API). */
export interface SharingPasses {
  readonly passes: SharedPasses | null;
  readonly part: Part;
}

/**
 * Compares the model with the cloud's APIs where several processes share a store: one makes the passes for all, as long as it
 * has the lease; each reads by itself what is doubtful in what it takes in. Answers what others ask of it.
 */
export function sharingPasses(foundation: Foundation): SharingPasses {
  const { config, service, openstack, log, fail } = foundation;
  const { ledger } = service.store;
  if (openstack === null) {
    const answerer = new Answerer(
      ledger,
      RECONCILE_MATTER,
      reconcilingBy(() => null),
      () => true,
      log,
    );
    return { passes: null, part: { begin: async () => void (await answerer.open()).ended.catch(fail) } };
  }
  const reconciler = reconcilerOf(foundation, openstack);
  const inquirer = new Inquirer<ReconcileQuestions>(ledger, RECONCILE_MATTER);
  const passes = new SharedPasses({
    reconciler,
    leader: inquirer,
    passed: async (after) => {
      await caughtUp(service);
      service.passed(after);
    },
    log,
  });
  const answerer = new Answerer(ledger, RECONCILE_MATTER, passes, () => passes.leads, log);
  const stopping = new AbortController();
  let leading: Promise<void> = Promise.resolve();
  const begin = async (): Promise<void> => {
    service.reconcile = passes;
    service.elsewhere = passes;
    void inquirer.open().ended.catch(fail);
    void (await answerer.open()).ended.catch(fail);
    watch(service, reconciler, {
      tooManyDoubts: () => {
        if (!passes.leads) passes.missed();
      },
      gap: () => passes.missed(),
    });
    // What a process that is gone may have missed before this one was started, nobody else knows of.
    passes.missed();
    const { signal } = stopping;
    leading = new Leader(ledger, LEASE, newHolder(), config.engine.lease)
      .run(signal, (term) => passes.lead(term))
      .catch((error: unknown) => {
        if (!signal.aborted) fail(error);
      });
  };
  const end = async (): Promise<void> => {
    stopping.abort();
    passes.stop();
    await reconciler.stop();
    await leading;
  };
  return { passes, part: { begin, end } };
}
