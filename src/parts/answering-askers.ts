import type { Foundation } from '../foundation.ts';
import { Answerer } from '../inquiry.ts';
import { RECONCILE_MATTER, reconcilingBy } from '../reconcile/questions.ts';
import type { Part } from './part.ts';

/** Answers processes that do not take in notifications what concerns the comparison with the cloud. */
export function answeringAskers({ config, service, log, fail }: Foundation): Part {
  // The embedded store is this process's alone.
  if (config.store.kind === 'embedded') return {};
  const knowing = reconcilingBy(() => service.reconcile);
  const answerer = new Answerer(service.store.ledger, RECONCILE_MATTER, knowing, () => true, log);
  return {
    begin: async () => {
      void (await answerer.open()).ended.catch(fail);
    },
  };
}
