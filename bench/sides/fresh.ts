import { randomUUID } from 'node:crypto';
import { connect } from 'amqplib';
import { compareRevisions, type Revision } from '../../model/revision.ts';
import { openRedisStore } from '../../model/stores/redis/redis-store.ts';
import type { Origin } from '../../streams/source.ts';
import { now, SENT } from '../brokers/amqp.ts';
import { percentile } from '../rounds.ts';
import { startVigil } from '../vigil.ts';
import { decodeTwice } from './decode.ts';
import { sourceOf } from './ingest-broker.ts';
import { collectGarbage, type Side } from './side.ts';

interface Exchange {
  readonly url: string;
  readonly exchange: string;
}

/** The task of a round in which nothing is published: it is over when all garbage is collected. */
export const COLLECT = 'collect';

const MILLIS_PER_SECOND = 1_000;
const SHARE = 0.99;

/** How late messages are, until there are as many as a round wants. */
class Delays {
  #delays: number[] = [];
  #wanted = Number.POSITIVE_INFINITY;
  #resolve: (rate: number) => void = () => undefined;

  /** A message sent at this time can be seen now. */
  seen(sent: number): void {
    this.#delays.push(now() - sent);
    if (this.#delays.length === this.#wanted) this.#resolve(MILLIS_PER_SECOND / percentile(this.#delays, SHARE));
  }

  /** One by the delay (s) that 99 of 100 messages of the next `wanted` keep below. */
  next(wanted: number): Promise<number> {
    this.#delays = [];
    this.#wanted = wanted;
    return new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }
}

/** From publishing to being in the replica that queries read, between RabbitMQ and Redis. */
export async function freshVigilSide({ url, exchange, redis }: Exchange & { readonly redis: string }): Promise<Side> {
  const delays = new Delays();
  const store = await openRedisStore({ url: redis, cloud: randomUUID() });
  const vigil = await startVigil(store, sourceOf({ kind: 'amqp', url, exchange }));
  const { service } = vigil;
  const committed: { readonly revision: Revision; readonly sent: readonly number[] }[] = [];
  const look = (): void => {
    while (committed[0] !== undefined && compareRevisions(committed[0].revision, service.model.revision) <= 0)
      for (const sent of committed.shift()?.sent ?? []) delays.seen(sent);
  };
  service.ingested$.subscribe((batch) => {
    committed.push({
      revision: batch.committed.revision,
      sent: batch.decoded.map(({ message }) => sentOf(message.origin)),
    });
    look();
  });
  service.feed$.subscribe(look);
  await vigil.connected();
  return roundsOf(delays, () => vigil.stop());
}

/** From publishing to being decoded by a bare client. */
export async function freshBareSide({ url, exchange }: Exchange): Promise<Side> {
  const delays = new Delays();
  const connection = await connect(url);
  const channel = await connection.createChannel();
  const { queue } = await channel.assertQueue('', { exclusive: true });
  await channel.bindQueue(queue, exchange, '#');
  await channel.prefetch(MILLIS_PER_SECOND);
  await channel.consume(queue, (message) => {
    if (message === null) throw new Error('the queue is gone');
    decodeTwice(message.content);
    delays.seen(Number(message.properties.headers?.[SENT]));
    channel.ack(message);
  });
  return roundsOf(delays, () => connection.close());
}

function roundsOf(delays: Delays, close: Side['close']): Side {
  return {
    round: async (task) => {
      if (task !== COLLECT) return delays.next(Number(task));
      await collectGarbage();
      return 0;
    },
    close,
  };
}

function sentOf(origin: Origin): number {
  const headers =
    origin.transport === 'amqp' ? (origin.properties.headers as Record<string, unknown> | undefined) : undefined;
  return Number(headers?.[SENT]);
}
