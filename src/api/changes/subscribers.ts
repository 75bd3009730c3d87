import type { ServerResponse } from 'node:http';
import { VigilError } from '../../errors.ts';
import type { ServiceState } from '../../service-state.ts';
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
  readonly #state: ServiceState;
  readonly #limits: SubscriberLimits;
  readonly #ring: ChangeRing;
  readonly #present = new Set<Subscriber>();
  readonly #timer: NodeJS.Timeout;
  #cut = 0;

  constructor(state: ServiceState, limits: SubscriberLimits) {
    this.#state = state;
    this.#limits = limits;
    this.#ring = new ChangeRing(state, limits.changes);
    this.#ring.onMore(() => {
      for (const subscriber of this.#present) subscriber.pump();
    });
    this.#timer = setInterval(() => {
      for (const subscriber of this.#present) subscriber.beat();
    }, limits.heartbeat);
    this.#timer.unref();
  }

  get count(): number {
    return this.#present.size;
  }

  /** How many were cut since the start. */
  get cut(): number {
    return this.#cut;
  }

  /** Throws when all places are taken: to be asked before the answer is begun. */
  assertRoom(): void {
    const limit = this.#limits.subscribers;
    if (this.#present.size >= limit) throw new VigilError('too-many-subscribers', { limit });
  }

  /** Serves a connection whose headers are sent until one of the two sides ends it. */
  async serve(out: ServerResponse, asked: Subscription, onCut: (why: string) => void): Promise<void> {
    const subscriber = new Subscriber(out, this.#state, this.#ring, asked, (why) => {
      this.#cut += 1;
      onCut(why);
    });
    this.#present.add(subscriber);
    out.on('close', () => this.#present.delete(subscriber));
    await subscriber.start();
  }

  close(): void {
    clearInterval(this.#timer);
    for (const subscriber of this.#present) subscriber.end();
    this.#ring.close();
  }
}
