import { type ConsumeMessage, connect } from 'amqplib';
import { decodeTwice } from './decode.ts';
import { collectGarbage, type Side } from './side.ts';

const MILLIS_PER_SECOND = 1_000;
const QUEUE = 'bare';
/** As many as Vigil asks for. */
const PREFETCH = 1_000;
/** One acknowledgement for so many: one each would make it slower. */
const ACKNOWLEDGED_AT_ONCE = 100;

/** The bare client on a queue of its own: receives so many messages, decodes and acknowledges them. Messages a second. */
export async function drainAmqpSide({
  url,
  exchange,
}: {
  readonly url: string;
  readonly exchange: string;
}): Promise<Side> {
  const connection = await connect(url);
  const channel = await connection.createChannel();
  await channel.assertQueue(QUEUE, { durable: true });
  await channel.bindQueue(QUEUE, exchange, '#');
  await channel.prefetch(PREFETCH);
  const drain = (messages: number): Promise<number> =>
    new Promise((resolve, reject) => {
      let first = 0;
      let received = 0;
      const take = (message: ConsumeMessage | null): void => {
        if (message === null) {
          reject(new Error('the queue is gone'));
          return;
        }
        if (received === 0) first = performance.now();
        decodeTwice(message.content);
        received += 1;
        if (received % ACKNOWLEDGED_AT_ONCE === 0 || received === messages) channel.ack(message, true);
        if (received === messages) resolve((messages * MILLIS_PER_SECOND) / (performance.now() - first));
      };
      channel.consume(QUEUE, take, { consumerTag: QUEUE }).catch(reject);
    });
  return {
    round: async (task) => {
      await collectGarbage();
      const rate = await drain(Number(task));
      await channel.cancel(QUEUE);
      return rate;
    },
    close: () => connection.close(),
  };
}
