import type { Observable } from 'rxjs';

/** Where a message came from, as its transport tells it. */
export type Origin =
  | {
      readonly transport: 'amqp';
      readonly exchange: string;
      readonly routingKey: string;
      readonly redelivered: boolean;
      readonly properties: Readonly<Record<string, unknown>>;
    }
  | {
      readonly transport: 'kafka';
      readonly topic: string;
      readonly partition: number;
      readonly offset: string;
      readonly timestamp: string;
      readonly key: string | null;
      readonly headers: Readonly<Record<string, string>>;
    }
  | { readonly transport: 'recording'; readonly file: string; readonly line: number }
  | { readonly transport: 'simulator' };

/** A message as it was received, not yet looked into. */
export interface RawMessage {
  /** The exact bytes. */
  readonly body: Uint8Array;
  readonly origin: Origin;
  /** When it was received, by this process's clock, in milliseconds since 1970. */
  readonly arrived: number;
  /** To be called once, after what the message says (or its dead letter) is committed; gives the source credit back. */
  ack(): void;
}

/** What became of a source's connection. Everything an operator is shown about it comes from these. */
export type SourceEvent =
  /** Trying; `detail` says to what (no credentials). */
  | { readonly kind: 'connecting'; readonly detail: string }
  | { readonly kind: 'connected'; readonly detail: string }
  /** Cannot yet, will go on trying: says why and what would mend it. */
  | { readonly kind: 'waiting'; readonly detail: string }
  /** Messages may have been missed (queue absent, recreated, at its limit; offset out of range; cut off): reconcile. */
  | { readonly kind: 'gap'; readonly detail: string }
  /** Everything that was waiting when the source connected has been emitted. */
  | { readonly kind: 'caught-up'; readonly detail: string }
  /** Nothing more will come: a recording's end, or what was acknowledged is told and the connection closed. */
  | { readonly kind: 'ended'; readonly detail: string };

/**
 * A source of notifications. Subscribing to `messages$` connects, unsubscribing closes, and
 * `ended` follows once it has. A source reconnects by itself and
 * errors only when going on is pointless (a recording that cannot be read). It emits only while the messages emitted and
 * not yet acknowledged are fewer than its window; there is no other buffer without a bound.
 */
export interface Source {
  /** Short and unique among the configured sources: `amqp:nova`. */
  readonly name: string;
  readonly messages$: Observable<RawMessage>;
  /** Replays the latest event to a new subscriber. */
  readonly events$: Observable<SourceEvent>;
}
