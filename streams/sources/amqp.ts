import type { ChannelModel } from 'amqplib';
import {
  catchError,
  defer,
  finalize,
  from,
  ignoreElements,
  merge,
  type Observable,
  ReplaySubject,
  repeat,
  switchMap,
  tap,
  timer,
} from 'rxjs';
import type { RawMessage, Source, SourceEvent } from '../source.ts';
import { connection$ } from './amqp-connection.ts';
import { deliveries$ } from './amqp-deliveries.ts';
import { explainAmqpError } from './amqp-errors.ts';
import { type AmqpOptions, type AmqpSettings, amqpSettings, type Broker } from './amqp-options.ts';
import { prepareQueue } from './amqp-queue.ts';
import { QueueWatch } from './amqp-watch.ts';
import { Attempts, reconnecting } from './backoff.ts';
import { CreditWindow } from './window.ts';

/** How often the queue's depth and its bindings are looked at, and how often while an exchange is absent, in milliseconds. */
const CHECK_MS = 5_000;
const ABSENT_CHECK_MS = 1_000;

/**
 * Nova's notifications over RabbitMQ, from a durable queue of Vigil's own bound to nova's exchanges, so that nobody who
 * consumes from nova's default queues takes any away. Reconnects for ever, declaring and binding anew each time. What was
 * not acknowledged when the connection or the process ended is delivered again.
 *
 * Throws on broker URLs that cannot be used. Meant for one subscriber at a time: two would share the messages.
 */
export function amqpSource(options: AmqpOptions): Source {
  const settings = amqpSettings(options);
  const events = new ReplaySubject<SourceEvent>(1);
  const messages$ = defer(() => new AmqpConsumer(settings, (event) => events.next(event)).messages$());
  return { name: settings.name, messages$, events$: events.asObservable() };
}

/** One subscription of the source, over all its reconnects. */
class AmqpConsumer {
  readonly #settings: AmqpSettings;
  readonly #say: (event: SourceEvent) => void;
  readonly #window: CreditWindow;
  readonly #attempts = new Attempts();
  #tried = 0;
  #openedBefore = false;
  #settled: Promise<void> = Promise.resolve();
  #closed: Promise<void> = Promise.resolve();

  constructor(settings: AmqpSettings, say: (event: SourceEvent) => void) {
    this.#settings = settings;
    this.#say = say;
    this.#window = new CreditWindow(settings.window);
  }

  messages$(): Observable<RawMessage> {
    return defer(() => this.#attempt$(this.#nextBroker())).pipe(
      reconnecting(this.#attempts, (error) => this.#say({ kind: 'waiting', detail: String(error) })),
      finalize(() => void this.#end()),
    );
  }

  /** One connection, from opening it until it is lost; errors with the explanation, as text. */
  #attempt$(broker: Broker): Observable<RawMessage> {
    const settings = this.#settings;
    this.#say({ kind: 'connecting', detail: broker.label });
    const onClosing = (closed: Promise<void>): void => {
      this.#closed = closed;
    };
    return connection$(broker, settings, onClosing, () => this.#settled).pipe(
      switchMap((connection) => this.#consume$(connection, new QueueWatch(settings, broker.label, this.#say))),
      catchError((error) => {
        throw explainAmqpError(error, broker, settings);
      }),
    );
  }

  #consume$(connection: ChannelModel, watch: QueueWatch): Observable<RawMessage> {
    return from(prepareQueue(connection, this.#settings)).pipe(
      tap((state) => {
        watch.opened(state, this.#openedBefore);
        this.#openedBefore = true;
      }),
      switchMap(() => merge(this.#deliveries$(connection, watch), this.#checks$(connection, watch))),
    );
  }

  #deliveries$(connection: ChannelModel, watch: QueueWatch): Observable<RawMessage> {
    return deliveries$(connection, this.#settings, this.#window, watch, (settled) => {
      this.#settled = settled;
    });
  }

  #checks$(connection: ChannelModel, watch: QueueWatch): Observable<never> {
    return defer(() => timer(watch.complete ? CHECK_MS : ABSENT_CHECK_MS)).pipe(
      switchMap(() => prepareQueue(connection, this.#settings)),
      tap((state) => {
        this.#attempts.held();
        watch.checked(state);
      }),
      repeat(),
      ignoreElements(),
    );
  }

  #nextBroker(): Broker {
    const { brokers } = this.#settings;
    return brokers[this.#tried++ % brokers.length] ?? brokers[0];
  }

  async #end(): Promise<void> {
    await this.#closed;
    this.#say({ kind: 'ended', detail: 'closed' });
  }
}
