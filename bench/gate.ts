import { BehaviorSubject, filter, firstValueFrom, NEVER, type Observable, switchMap, take, tap } from 'rxjs';
import type { RawMessage, Source, SourceEvent } from '../streams/source.ts';

/** A source that can be held: while its gate is closed it is not connected, and its broker keeps what comes. */
export class Gate implements Source {
  readonly name: string;
  readonly messages$: Observable<RawMessage>;
  readonly events$: Observable<SourceEvent>;
  readonly #isOpen$ = new BehaviorSubject(false);
  #first: number | null = null;

  constructor({ name, messages$, events$ }: Source) {
    this.name = name;
    this.events$ = events$;
    this.messages$ = this.#isOpen$.pipe(
      switchMap((isOpen) => (isOpen ? messages$ : NEVER)),
      tap(() => {
        this.#first ??= performance.now();
      }),
    );
  }

  /** When the first message came since the gate was opened, in milliseconds of this process's clock; null before. */
  get first(): number | null {
    return this.#first;
  }

  /** Lets messages come; resolves once it is connected. */
  async open(): Promise<void> {
    this.#first = null;
    const connected = this.#told('connected');
    this.#isOpen$.next(true);
    await connected;
  }

  /** Resolves once the broker knows what was acknowledged. */
  async close(): Promise<void> {
    const ended = this.#told('ended');
    this.#isOpen$.next(false);
    await ended;
  }

  /** The next event of a kind; the latest one, which is told again, may be of that kind already. */
  async #told(wanted: SourceEvent['kind']): Promise<void> {
    let subscribed = false;
    const next$ = this.events$.pipe(
      filter(({ kind }) => subscribed && kind === wanted),
      take(1),
    );
    const told = firstValueFrom(next$);
    subscribed = true;
    await told;
  }
}
