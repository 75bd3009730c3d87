import type { ServerResponse } from 'node:http';
import type { ServiceState } from '../../service-state.ts';
import { Readers } from '../stream/readers.ts';
import { ChangeRing } from './change-ring.ts';
import { Subscriber, type Subscription } from './subscriber.ts';

export interface SubscriberLimits {
  /** Subscribers at once. */
  readonly subscribers: number;
  /** Changes held for those that come back or are slow. */
  readonly changes: number;
  /** Milliseconds between signs of life. */
  readonly heartbeat: number;
}

/** All subscribers of changes, and the ring they read from. */
export class Subscribers {
  readonly readers: Readers;
  readonly #state: ServiceState;
  readonly #ring: ChangeRing;

  constructor(state: ServiceState, limits: SubscriberLimits) {
    this.#state = state;
    this.readers = new Readers(limits.subscribers, limits.heartbeat);
    this.#ring = new ChangeRing(state, limits.changes);
    this.#ring.onMore(() => this.readers.pump());
  }

  /** Serves a connection whose headers are sent until one of the two sides ends it. */
  async serve(out: ServerResponse, asked: Subscription, onCut: (why: string) => void): Promise<void> {
    const subscriber = new Subscriber(out, this.#state, this.#ring, asked, (why) => {
      this.readers.wasCut();
      onCut(why);
    });
    this.readers.add(out, subscriber);
    await subscriber.start();
  }

  close(): void {
    this.readers.close();
    this.#ring.close();
  }
}
