import { defer, distinctUntilChanged, finalize, from, Observable, ReplaySubject, repeat, switchMap } from 'rxjs';
import type { RawMessage, Source, SourceEvent } from '../source.ts';
import { Attempts, reconnecting } from './backoff.ts';
import { explainKafkaError } from './kafka-errors.ts';
import { type KafkaOptions, type KafkaSettings, kafkaSettings } from './kafka-options.ts';
import { type KafkaContext, KafkaSession } from './kafka-session.ts';
import { CreditWindow } from './window.ts';

/**
 * Nova's notifications over Kafka, as a consumer group of Vigil's own. Each partition is read in its order; between
 * partitions and topics there is none, since nova's messages carry no key. Offsets are committed only for what is
 * acknowledged, all before it included; what was not is read again by whoever has the partition next. A group that is new
 * begins at the end and tells of the gap.
 *
 * Reconnects for ever. Several processes may share the group, and so the partitions.
 */
export function kafkaSource(options: KafkaOptions): Source {
  const settings = kafkaSettings(options);
  const events = new ReplaySubject<SourceEvent>(1);
  const messages$ = defer(() => subscription$(settings, (kind, detail) => events.next({ kind, detail })));
  return { name: settings.name, messages$, events$: events.pipe(distinctUntilChanged(isSame)) };
}

/** kafkajs tells of one trouble several times. */
function isSame(one: SourceEvent, other: SourceEvent): boolean {
  return one.kind === other.kind && one.detail === other.detail;
}

function subscription$(settings: KafkaSettings, say: KafkaContext['say']): Observable<RawMessage> {
  const attempts = new Attempts();
  let closed: Promise<void> = Promise.resolve();
  const context: KafkaContext = {
    settings,
    window: new CreditWindow(settings.window),
    awaited: new Set(),
    say,
    onHeld: () => attempts.held(),
  };
  const session$ = new Observable<RawMessage>((subscriber) => {
    say('connecting', settings.brokers.join(', '));
    const session = new KafkaSession(context, subscriber);
    session.open();
    return () => {
      closed = session.close();
    };
  });
  const ended = async (): Promise<void> => {
    await closed;
    say('ended', 'closed');
  };
  return defer(() => from(closed)).pipe(
    switchMap(() => session$),
    repeat(),
    reconnecting(attempts, (error) => say('waiting', explainKafkaError(error, settings.brokers))),
    finalize(() => void ended()),
  );
}
