import { defer, map, type Observable, repeat, tap, timer } from 'rxjs';

const MILLIS = 1_000;

/** The times at which rules are evaluated, as they come: the whole multiples of so many seconds, in seconds since 1970. */
export function stepTimes(seconds: number, now: () => number): Observable<number> {
  return defer(() => {
    // A timer may be a moment early: then the next step is not the one just told.
    let last = Number.NEGATIVE_INFINITY;
    const next$ = defer(() => {
      const next = Math.max(Math.floor(now() / seconds), last) + 1;
      return timer((next * seconds - now()) * MILLIS).pipe(map(() => next));
    });
    return next$.pipe(
      tap((step) => {
        last = step;
      }),
      repeat(),
      map((step) => step * seconds),
    );
  });
}
