import { filter, firstValueFrom, interval, map, startWith, timeout } from 'rxjs';
import { compareRevisions } from '../model/revision.ts';
import type { ServiceState } from './service-state.ts';

const LOOK_MILLIS = 5;
const PATIENCE_MILLIS = 10_000;

/** Resolves once this process's model has everything that its store had at the call. */
export async function caughtUp({ store, model }: Pick<ServiceState, 'store' | 'model'>): Promise<void> {
  const head = await store.head();
  const reached$ = interval(LOOK_MILLIS).pipe(
    startWith(0),
    map(() => compareRevisions(model.revision, head) >= 0),
    filter(Boolean),
    timeout({ first: PATIENCE_MILLIS }),
  );
  await firstValueFrom(reached$);
}
