import { Observable, type OperatorFunction } from 'rxjs';

/** What has the bytes of a message. */
interface Weighty {
  readonly body: Uint8Array;
}

/** Bodies of one batch together, unless a single one is larger: bounds one write, as the limit does for small messages. */
const BATCH_BYTES = 8 * 1024 * 1024;

/**
 * Works through a stream in batches, one at a time: a batch is what arrived while the one before was worked on, at most
 * `limit` messages and 8 MiB. Under little load a message waits for nobody; under much, batches grow by themselves. The
 * source must bound what is outstanding (by acknowledgement), since this operator holds whatever it is given.
 */
export function batchWhileBusy<T extends Weighty, R>(
  limit: number,
  work: (batch: T[]) => Promise<R>,
): OperatorFunction<T, R> {
  return (source$) =>
    new Observable<R>((subscriber) => {
      let waiting: T[] = [];
      let busy = false;
      let completed = false;

      const run = async (): Promise<void> => {
        busy = true;
        try {
          while (waiting.length > 0 && !subscriber.closed) {
            const size = batchSize(waiting, limit);
            const batch = size === waiting.length ? waiting : waiting.slice(0, size);
            waiting = size === waiting.length ? [] : waiting.slice(size);
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

/** How many of the first messages make a batch; at least one. */
function batchSize(messages: readonly Weighty[], limit: number): number {
  let bytes = 0;
  let size = 0;
  for (const { body } of messages) {
    bytes += body.length;
    if (size === limit || (size > 0 && bytes > BATCH_BYTES)) break;
    size += 1;
  }
  return size;
}
