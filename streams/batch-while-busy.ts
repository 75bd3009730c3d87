import { Observable, type OperatorFunction } from 'rxjs';

/** What has the bytes of a message. */
interface Weighty {
  readonly body: Uint8Array;
}

/** Bodies of one batch together, unless a single one is larger: bounds one write, as the limit does for small messages. */
const BATCH_BYTES = 8 * 1024 * 1024;

/** Batches under way together: while one is decoded, one joined and one written, the next is made ready, so that nobody waits. */
const AT_ONCE = 4;

/**
 * Works through a stream in batches, begun and told in order, at most four under way: a batch is what arrived while those
 * before were worked on, at most `limit` messages and 8 MiB. Under little load a message waits for nobody; under much,
 * batches grow by themselves. The source must bound what is outstanding (by acknowledgement), since this operator holds
 * whatever it is given.
 */
export function batchWhileBusy<T extends Weighty, R>(
  limit: number,
  work: (batch: T[]) => Promise<R>,
): OperatorFunction<T, R> {
  return (source$) =>
    new Observable<R>((subscriber) => {
      let waiting: T[] = [];
      let underWay = 0;
      let due = false;
      let completed = false;
      let told: Promise<void> = Promise.resolve();

      // In a turn of its own: what arrives together is worked on together, and what was begun before gets going.
      const plan = (): void => {
        if (due || waiting.length === 0 || underWay === AT_ONCE) return;
        due = true;
        setImmediate(() => void run());
      };

      const run = async (): Promise<void> => {
        due = false;
        if (subscriber.closed) return;
        const size = batchSize(waiting, limit);
        const batch = size === waiting.length ? waiting : waiting.slice(0, size);
        waiting = size === waiting.length ? [] : waiting.slice(size);
        underWay += 1;
        try {
          const done = tell(work(batch), told);
          told = done;
          plan();
          await done;
        } catch (error) {
          subscriber.error(error);
          return;
        }
        underWay -= 1;
        plan();
        if (completed && underWay === 0 && !due) subscriber.complete();
      };

      const tell = async (result: Promise<R>, earlier: Promise<void>): Promise<void> => {
        const value = await result;
        await earlier;
        subscriber.next(value);
      };

      return source$.subscribe({
        next: (value) => {
          waiting.push(value);
          plan();
        },
        error: (error) => subscriber.error(error),
        complete: () => {
          completed = true;
          if (underWay === 0 && !due) subscriber.complete();
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
