import type { Subscription } from 'rxjs';
import { expect } from 'vitest';
import type { RawMessage, Source, SourceEvent } from '../../../streams/source.ts';

/** Subscribes to a source and keeps what it says. Messages are acknowledged by `onMessage`, or at once without one. */
export class Probe {
  readonly events: SourceEvent[] = [];
  readonly messages: RawMessage[] = [];
  readonly errors: unknown[] = [];
  readonly #subscription: Subscription;

  constructor(source: Source, onMessage: (message: RawMessage) => void = (message) => message.ack()) {
    source.events$.subscribe((event) => this.events.push(event));
    this.#subscription = source.messages$.subscribe({
      next: (message) => {
        this.messages.push(message);
        onMessage(message);
      },
      error: (error) => this.errors.push(error),
    });
  }

  /** The bodies received so far, as text. */
  get bodies(): string[] {
    return this.messages.map(({ body }) => Buffer.from(body).toString('utf8'));
  }

  /** The details of the events of one kind. */
  details(kind: SourceEvent['kind']): string[] {
    return this.events.filter((event) => event.kind === kind).map(({ detail }) => detail);
  }

  /** Resolves to the detail of the first event of this kind, and saying this, since the `from`-th event. */
  async heard(kind: SourceEvent['kind'], saying: RegExp = /^/, from = 0): Promise<string> {
    const find = (): SourceEvent | undefined =>
      this.events.slice(from).find((event) => event.kind === kind && saying.test(event.detail));
    await expect
      .poll(() => find() ?? this.events.slice(from))
      .toMatchObject({ kind, detail: expect.stringMatching(saying) });
    return find()?.detail ?? '';
  }

  /** Resolves when every one of these bodies was received, whatever else was, and however often. */
  async received(bodies: readonly string[]): Promise<void> {
    const missing = (): string[] => {
      const seen = new Set(this.bodies);
      return bodies.filter((body) => !seen.has(body));
    };
    await expect.poll(missing).toEqual([]);
  }

  /** Unsubscribes, and resolves when the connection is closed. */
  async close(): Promise<void> {
    this.#subscription.unsubscribe();
    await this.heard('ended');
  }
}

/** The texts `<prefix>1` … `<prefix><count>`. */
export function numbered(prefix: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}${index + 1}`);
}
