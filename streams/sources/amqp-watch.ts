import type { SourceEvent } from '../source.ts';
import type { AmqpSettings } from './amqp-options.ts';
import type { QueueState } from './amqp-queue.ts';

/**
 * What is known of the queue during one connection, told as events: connected or waiting, gaps, caught up. AMQP has no
 * way to ask whether a binding was there all the time, nor what a full queue has dropped; so whatever may have cost
 * messages is a gap.
 */
export class QueueWatch {
  readonly #settings: AmqpSettings;
  readonly #where: string;
  readonly #say: (event: SourceEvent) => void;
  #absent: readonly string[] = [];
  #full = false;
  #behind = 0;
  #delivered = 0;
  #acknowledged = 0;
  #caughtUp = false;

  /** `where` names the broker, without credentials. */
  constructor(settings: AmqpSettings, where: string, say: (event: SourceEvent) => void) {
    this.#settings = settings;
    this.#where = where;
    this.#say = say;
  }

  /** Whether the queue is bound to every exchange. */
  get complete(): boolean {
    return this.#absent.length === 0;
  }

  /** The queue is declared, and bound to what exchanges there are; `again`: not for the first time. */
  opened(state: QueueState, again: boolean): void {
    this.#behind = state.waiting;
    this.#absent = state.absent;
    this.#full = this.#isFull(state);
    const gaps: string[] = [];
    if (state.created) gaps.push(this.#emptiness());
    if (again)
      gaps.push('the connection was cut, and a broker that restarted has forgotten the binding to the exchange');
    if (this.#full) gaps.push(this.#fullness(state));
    if (this.complete) this.#connected();
    if (gaps.length > 0) this.#say({ kind: 'gap', detail: gaps.join('; ') });
    if (!this.complete) this.#waiting();
    this.#lookCaughtUp();
  }

  /** The same was looked at again, some time later. */
  checked(state: QueueState): void {
    const appeared = this.#absent.filter((exchange) => !state.absent.includes(exchange));
    const vanished = state.absent.filter((exchange) => !this.#absent.includes(exchange));
    this.#absent = state.absent;
    if (appeared.length > 0 && this.complete) this.#connected();
    for (const exchange of appeared) {
      this.#say({
        kind: 'gap',
        detail: `the exchange ${exchange} has come; what it was sent before it was bound is missed`,
      });
    }
    if (vanished.length > 0) this.#waiting();
    if (state.created) this.#say({ kind: 'gap', detail: this.#emptiness() });
    const wasFull = this.#full;
    this.#full = this.#isFull(state);
    // Said at both ends: a pass made while the queue was full may have missed what was dropped after it.
    if (this.#full !== wasFull) {
      const detail = this.#full ? this.#fullness(state) : `the queue ${this.#settings.queue.name} is no longer full`;
      this.#say({ kind: 'gap', detail });
    }
    // Another member of the same cloud, or the length limit, may have taken some of what we waited for.
    if (state.waiting === 0) this.#behind = Math.min(this.#behind, this.#delivered);
    this.#lookCaughtUp();
  }

  /** So many messages were delivered on this connection. */
  delivered(count: number): void {
    this.#delivered = count;
  }

  /** So many of them are acknowledged, all before the last of them included. */
  acknowledged(count: number): void {
    this.#acknowledged = count;
    this.#lookCaughtUp();
  }

  #connected(): void {
    const { queue, exchanges } = this.#settings;
    this.#say({ kind: 'connected', detail: `${this.#where}: queue ${queue.name} bound to ${exchanges.join(', ')}` });
  }

  #waiting(): void {
    this.#say({
      kind: 'waiting',
      detail: `${this.#where}: there is no exchange ${this.#absent.join(', ')}; nova creates it with its first message, so check the virtual host, nova's control_exchange and its notification driver`,
    });
  }

  #lookCaughtUp(): void {
    if (this.#caughtUp || !this.complete || this.#acknowledged < this.#behind) return;
    this.#caughtUp = true;
    this.#say({ kind: 'caught-up', detail: `${this.#where}: ${this.#behind} messages were waiting` });
  }

  /** Consumption makes room in a queue that drops messages, but never more than a window at once. */
  #isFull(state: QueueState): boolean {
    return state.waiting + this.#settings.window >= this.#settings.queue.maxLength;
  }

  #emptiness(): string {
    return `the queue ${this.#settings.queue.name} was not there and has been created, so it begins empty`;
  }

  #fullness(state: QueueState): string {
    const { name, maxLength } = this.#settings.queue;
    return `the queue ${name} holds ${state.waiting} messages, its limit is ${maxLength}, and the oldest are dropped`;
  }
}
