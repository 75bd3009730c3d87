import { Observable, type OperatorFunction } from 'rxjs';

/**
 * Works through a stream in batches, one at a time: a batch is what arrived while the one before was worked on, at most
 * `limit` values. Under little load a value waits for nobody; under much, batches grow by themselves. The source must bound
 * what is outstanding (by acknowledgement), since this operator holds whatever it is given.
 */
export function batchWhileBusy<T, R>(limit: number, work: (batch: T[]) => Promise<R>): OperatorFunction<T, R> {
  return (source$) =>
    new Observable<R>((subscriber) => {
      let waiting: T[] = [];
      let busy = false;
      let completed = false;

      const run = async (): Promise<void> => {
        busy = true;
        try {
          while (waiting.length > 0 && !subscriber.closed) {
            const batch = waiting.length <= limit ? waiting : waiting.slice(0, limit);
            waiting = waiting.length <= limit ? [] : waiting.slice(limit);
            subscriber.next(await work(batch));
          }
        } catch (error) {
          subscriber.error(error);
          return;
        }
        busy = false;
        if (completed) subscriber.complete();
      };

      return source$.subscribe({
        next: (value) => {
          waiting.push(value);
          // Begins after the present tick, so that what arrives together is worked on together.
          if (!busy) {
            busy = true;
            setImmediate(() => void run());
          }
        },
        error: (error) => subscriber.error(error),
        complete: () => {
          completed = true;
          if (!busy) subscriber.complete();
        },
      });
    });
}
