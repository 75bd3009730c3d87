import type { Logger } from 'pino';
import { firstValueFrom, fromEvent, merge, type Observable, take, timer } from 'rxjs';
import type { Term } from './leader.ts';

/** Without news everything is looked at again so often: times come without a change. */
const LOOK_AGAIN_MILLIS = 1_000;

/** Looks again and again while a term lasts: at once after news, and at times. What goes wrong is told, and tried again. */
export async function lookInRounds(
  term: Term,
  news$: Observable<unknown>,
  look: (term: Term) => Promise<void>,
  log: Logger,
): Promise<void> {
  while (!term.signal.aborted) {
    // From before looking, so that nothing happens unseen meanwhile.
    const next$ = merge(news$, timer(LOOK_AGAIN_MILLIS), fromEvent(term.signal, 'abort')).pipe(take(1));
    const next = firstValueFrom(next$);
    try {
      await look(term);
    } catch (error) {
      if (!term.signal.aborted) log.error({ err: error }, 'audits and plans could not be looked at; trying again');
    }
    await next;
  }
}
