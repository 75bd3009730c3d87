import { randomUUID } from 'node:crypto';
import { exhaustMap, timer } from 'rxjs';
import type { Foundation } from '../foundation.ts';
import type { SharedPasses } from '../reconcile/shared-passes.ts';
import { OwnStanding, Standings } from '../standings.ts';
import type { Part } from './part.ts';

/** How often it is said, and listened to, how far the model can be trusted. */
const EVERY_MILLIS = 2_000;

/**
 * Lets processes that do not ingest know how far the model can be trusted, by those that do; and these know from each other
 * what the one that makes the passes found.
 */
export function standing({ config, service, standings, fail }: Foundation, passes: SharedPasses | null): Part {
  // The embedded store is this process's alone.
  if (config.store.kind === 'embedded') return {};
  const { store } = service;
  const own = new OwnStanding(store, Date.now(), randomUUID());
  const others = new Standings();
  const listen = async (): Promise<void> => {
    if (standings !== null) return standings.read(store, Date.now());
    if (passes === null) return;
    await others.read(store, Date.now());
    const leader = others.leader(Date.now());
    if (leader?.ageSeconds != null) service.answeredElsewhere(leader.ageSeconds);
    await passes.hear(leader?.passes ?? null);
  };
  // In turns of its own: whoever listens may wait long for the answer of a process that has died over it.
  const tell = async (): Promise<void> => {
    if (standings === null) await own.tell(service.freshness(), passes?.tell() ?? null);
  };
  return {
    begin: () => {
      for (const turn of [listen, tell])
        service.running.add(timer(0, EVERY_MILLIS).pipe(exhaustMap(turn)).subscribe({ error: fail }));
    },
  };
}
