import { Observable, ReplaySubject } from 'rxjs';
import type { Origin, RawMessage, Source, SourceEvent } from '../streams/source.ts';

const ORIGIN: Origin = { transport: 'simulator' };

/** Most messages that wait for a subscriber's window before the oldest are dropped and a gap is told. */
const QUEUE_LIMIT = 100_000;

/** A queue in memory, as a broker keeps one for its consumer: bounded, and it tells when it had to drop something. */
export interface SimulatedQueue extends Source {
  /** Puts a message in. */
  publish(body: Uint8Array): void;
  /** Messages waiting; the producer should pause while there are many. */
  readonly waiting: number;
}

/**
 * A source in this process. It emits while fewer than `window` messages are unacknowledged. What was emitted and not
 * acknowledged when the subscriber went comes again to the next one, as a broker would do.
 */
export function createQueue(name: string, window: number): SimulatedQueue {
  const events$ = new ReplaySubject<SourceEvent>(1);
  const waiting: Uint8Array[] = [];
  let head = 0;
  let pump: (() => void) | null = null;

  const take = (): Uint8Array | undefined => {
    const body = waiting[head];
    if (body === undefined) return undefined;
    head++;
    if (head > 1024 && head * 2 > waiting.length) {
      waiting.splice(0, head);
      head = 0;
    }
    return body;
  };

  const messages$ = new Observable<RawMessage>((subscriber) => {
    const unacked = new Map<number, Uint8Array>();
    let delivered = 0;
    let pumping = false;
    const deliver = (): void => {
      if (pumping) return;
      pumping = true;
      while (unacked.size < window && !subscriber.closed) {
        const body = take();
        if (body === undefined) break;
        const tag = delivered++;
        unacked.set(tag, body);
        const ack = (): void => {
          if (unacked.delete(tag)) deliver();
        };
        subscriber.next({ body, origin: ORIGIN, arrived: Date.now(), ack });
      }
      pumping = false;
    };
    events$.next({ kind: 'connected', detail: 'simulated cloud in this process' });
    pump = deliver;
    deliver();
    events$.next({ kind: 'caught-up', detail: 'simulated cloud in this process' });
    return () => {
      pump = null;
      waiting.splice(0, head, ...unacked.values());
      head = 0;
      events$.next({ kind: 'ended', detail: 'nobody reads the simulated cloud any more' });
    };
  });

  return {
    name,
    messages$,
    events$,
    get waiting() {
      return waiting.length - head;
    },
    publish(body) {
      waiting.push(body);
      if (waiting.length - head > QUEUE_LIMIT) {
        take();
        events$.next({ kind: 'gap', detail: `more than ${QUEUE_LIMIT} messages waited; the oldest were dropped` });
      }
      pump?.();
    },
  };
}
