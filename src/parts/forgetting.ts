import type { Foundation } from '../foundation.ts';
import { collectTombstones } from '../tombstones.ts';
import type { Part } from './part.ts';

/** Forgets what was deleted long ago. */
export function forgetting({ config, service, fail }: Foundation): Part {
  return {
    begin: () => {
      const forgetting$ = collectTombstones(service.model, service.store, config.tombstones.retention);
      service.running.add(forgetting$.subscribe({ error: fail }));
    },
  };
}
