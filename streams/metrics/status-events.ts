import { type Observable, ReplaySubject } from 'rxjs';
import type { SourceEvent } from '../source.ts';

/** The events of a source that is asked often: told only when something is other than before. */
export class StatusEvents {
  readonly #events$ = new ReplaySubject<SourceEvent>(1);
  #last = '';

  get events$(): Observable<SourceEvent> {
    return this.#events$;
  }

  tell(kind: SourceEvent['kind'], detail: string): void {
    const said = `${kind} ${detail}`;
    if (said === this.#last) return;
    this.#last = said;
    this.#events$.next({ kind, detail });
  }
}
