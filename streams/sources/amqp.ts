import type { ChannelModel, ConsumeMessage } from 'amqplib';
import {
  catchError,
  defer,
  finalize,
  from,
  ignoreElements,
  merge,
  Observable,
  ReplaySubject,
  repeat,
  switchMap,
  tap,
  timer,
} from 'rxjs';
import type { Origin, RawMessage, Source, SourceEvent } from '../source.ts';
import { connection$ } from './amqp-connection.ts';
import { explainAmqpError } from './amqp-errors.ts';
import { type AmqpOptions, type AmqpSettings, amqpSettings, type Broker } from './amqp-options.ts';
import { prepareQueue } from './amqp-queue.ts';
import { QueueWatch } from './amqp-watch.ts';
import { Attempts, reconnecting } from './backoff.ts';
import { CreditWindow, Lane } from './window.ts';

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
    return connection$(broker, settings, (closed) => {
      this.#closed = closed;
    }).pipe(
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

  #deliveries$(connection: ChannelModel, watch: QueueWatch): Observable<RawMessage> {
    const { queue, window } = this.#settings;
    return new Observable((subscriber) => {
      const stop = new AbortController();
      let lane: Lane<ConsumeMessage> | undefined;
      const consume = async (): Promise<void> => {
        const channel = await connection.createChannel();
        let refusal: Error | undefined;
        channel.on('error', (error) => {
          refusal = error;
        });
        channel.on('close', () => {
          lane?.close();
          // Without a refusal it is the connection that was lost, which tells so itself.
          if (refusal !== undefined) subscriber.error(refusal);
        });
        await channel.prefetch(window);
        // The broker keeps to the window by itself, once the messages of the last connection are out of it.
        await this.#window.drained(stop.signal);
        if (stop.signal.aborted) return;
        const open = new Lane<ConsumeMessage>(this.#window, (last) => {
          channel.ack(last, true);
          watch.acknowledged(last.fields.deliveryTag);
        });
        lane = open;
        await channel.consume(queue.name, (message) => {
          if (message === null) subscriber.error(new Error(`the queue ${queue.name} was deleted while it was in use`));
          else subscriber.next(open.message(message.content, originOf(message), message));
        });
      };
      consume().catch((error) => subscriber.error(error));
      return () => {
        stop.abort();
        lane?.flush();
        lane?.close();
      };
    });
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

function originOf({ fields, properties }: ConsumeMessage): Origin {
  return {
    transport: 'amqp',
    exchange: fields.exchange,
    routingKey: fields.routingKey,
    redelivered: fields.redelivered,
    properties: { ...properties },
  };
}
