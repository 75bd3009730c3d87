import { interval, type Observable, switchMap } from 'rxjs';
import type { LiveModel } from '../model/live-model.ts';
import type { ModelStore } from '../model/store.ts';
import { microsNow } from './clock.ts';

const EVERY_MILLIS = 60_000;
const MICROS_PER_SECOND = 1_000_000;
/** So that a great clean-up holds nobody up. */
const AT_ONCE = 1_000;

/**
 * Forgets, a little every minute, what was deleted longer ago than any queue keeps a message; emits how many each time.
 * Several processes may do it at once: forgetting twice is forgetting.
 */
export function collectTombstones(model: LiveModel, store: ModelStore, retentionSeconds: number): Observable<number> {
  return interval(EVERY_MILLIS).pipe(
    switchMap(async () => {
      const old = model.tombstonesBefore(microsNow() - retentionSeconds * MICROS_PER_SECOND).slice(0, AT_ONCE);
      if (old.length > 0) await store.collect(old);
      return old.length;
    }),
  );
}
