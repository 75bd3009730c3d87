import { randomUUID } from 'node:crypto';
import { exhaustMap, timer } from 'rxjs';
import type { Foundation } from '../foundation.ts';
import { OwnStanding } from '../standings.ts';
import type { Part } from './part.ts';

/** How often it is said, and listened to, how far the model can be trusted. */
const EVERY_MILLIS = 2_000;

/** Lets processes that do not ingest know how far the model can be trusted, by those that do. */
export function standing({ config, service, standings, fail }: Foundation): Part {
  // The embedded store is this process's alone.
  if (config.store.kind === 'embedded') return {};
  const { store } = service;
  const own = new OwnStanding(store, Date.now(), randomUUID());
  const turn = (): Promise<void> =>
    standings === null ? own.tell(service.freshness()) : standings.read(store, Date.now());
  return {
    begin: () => {
      service.running.add(timer(0, EVERY_MILLIS).pipe(exhaustMap(turn)).subscribe({ error: fail }));
    },
  };
}
