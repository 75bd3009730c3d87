import { type AmqpInspection, inspectAmqp, type QueueInspection } from '../../streams/sources/amqp-inspect.ts';
import type { AmqpOptions } from '../../streams/sources/amqp-options.ts';
import { inspectKafka } from '../../streams/sources/kafka-inspect.ts';
import type { KafkaOptions } from '../../streams/sources/kafka-options.ts';
import { type Finding, failure, ok, warning } from './finding.ts';

/** A queue fuller than this share of its limit will soon lose its oldest messages. */
const NEARLY_FULL = 0.5;
/** So many messages that nobody reads are worth a word. */
const UNREAD = 10_000;

/** Whether the broker can be used, the exchanges are there, and the queues are no trouble. */
export async function checkAmqp(about: string, options: AmqpOptions): Promise<Finding[]> {
  try {
    return describe(about, await inspectAmqp(options));
  } catch (error) {
    return [failure(about, (error as Error).message, 'Mend the address, the credentials or the broker.')];
  }
}

function describe(about: string, found: AmqpInspection): Finding[] {
  const findings = [ok(about, `${found.broker} answers`)];
  for (const exchange of found.absentExchanges) {
    const mend =
      'Is notification_format versioned (or both) in nova, and this the right virtual host? nova makes it at its first message.';
    findings.push(warning(about, `there is no exchange ${exchange}`, mend));
  }
  findings.push(
    found.queue === null ? ok(about, 'Vigil’s queue is not made yet') : ownQueue(about, found.queue, found.maxLength),
  );
  for (const { name, waiting, consumers } of found.publishers) {
    if (consumers > 0 || waiting < UNREAD) continue;
    const mend = `If nothing else reads it, set a policy: rabbitmqctl set_policy vigil-unread '^${name}$' '{"max-length":1000}' --apply-to queues`;
    findings.push(warning(about, `${waiting} messages wait in ${name}, and nobody reads it`, mend));
  }
  return findings;
}

function ownQueue(about: string, { name, waiting, consumers }: QueueInspection, limit: number): Finding {
  const text = `${name}: ${waiting} of at most ${limit} messages wait, ${consumers} ${consumers === 1 ? 'reader' : 'readers'}`;
  if (waiting < limit * NEARLY_FULL) return ok(about, text);
  return warning(about, text, 'Is Vigil running and keeping up? At its limit the queue drops the oldest messages.');
}

/** Whether the cluster can be used, the topics are there, and how far behind the group is. */
export async function checkKafka(about: string, options: KafkaOptions): Promise<Finding[]> {
  try {
    const { absentTopics, partitions, waiting } = await inspectKafka(options);
    const behind = waiting === null ? 'the group never read them' : `${waiting} messages wait`;
    const mend =
      'Is notification_format versioned (or both) in nova, with a Kafka transport? nova makes topics at its first message.';
    return [
      ok(about, `the cluster answers; ${partitions} partitions, ${behind}`),
      ...absentTopics.map((topic) => warning(about, `there is no topic ${topic}`, mend)),
    ];
  } catch (error) {
    return [failure(about, (error as Error).message, 'Mend the addresses, the credentials or the cluster.')];
  }
}
