import { startRabbit } from '../../servers/rabbitmq.ts';
import { startRedis } from '../../servers/redis.ts';
import { publishToAmqp } from '../brokers/amqp.ts';
import { readMessages, writeMessages } from '../messages.ts';
import type { Runner } from '../rounds.ts';
import { COLLECT } from '../sides/fresh.ts';
import { startSide } from '../sides/remote.ts';
import type { Side } from '../sides/side.ts';
import { compared, ROUNDS, USUAL } from './benchmark.ts';

const MESSAGES = 10_000;
/** Rounds before all others, from which the peak is known. */
const PEAK_ROUNDS = 2;
/** Of what Vigil takes in at most. */
const SHARE_OF_PEAK = 1 / 3;
const MILLIS_PER_SECOND = 1_000;

/** How soon what was published can be seen: one by the delay (s) of the slowest message of a hundred. */
export const freshnessToBare = compared({ name: 'freshness.p99/bare', unit: '1/s', required: 0.2 }, async (hold) => {
  const { url } = await hold(startRabbit(), (server) => server.stop());
  const { url: redis } = await hold(startRedis(), (server) => server.stop());
  const exchanges = { a: 'nova', b: 'bare' } as const;
  const toVigil = await hold(publishToAmqp(url, exchanges.a), (open) => open.close());
  const toBare = await hold(publishToAmqp(url, exchanges.b), (open) => open.close());
  const a = await hold(startSide('fresh vigil', { url, exchange: exchanges.a, redis }), (side) => side.close());
  const b = await hold(startSide('fresh bare', { url, exchange: exchanges.b }), (side) => side.close());
  const count = PEAK_ROUNDS + ROUNDS.warmUps + ROUNDS.rounds;
  const messages = await hold(writeMessages({ ...USUAL, wire: 'rabbit' }, count, MESSAGES), (it) => it.remove());
  const bodies = (round: number): Buffer[] => readMessages(messages.rounds[PEAK_ROUNDS + round] ?? '');

  const takeIn = async (file: string): Promise<number> => {
    const all = readMessages(file);
    await a.round(COLLECT);
    const start = performance.now();
    await Promise.all([a.round(String(all.length)), toVigil.publish(all)]);
    return (all.length * MILLIS_PER_SECOND) / (performance.now() - start);
  };
  await takeIn(messages.population);
  let peak = 0;
  for (const file of messages.rounds.slice(0, PEAK_ROUNDS)) peak = await takeIn(file);

  const runner =
    (side: Side, publisher: typeof toVigil): Runner =>
    async (round) => {
      const all = bodies(round);
      // Whoever collects while messages come measures the collector.
      await side.round(COLLECT);
      const delayed = side.round(String(MESSAGES));
      await publisher.pace(all, peak * SHARE_OF_PEAK);
      return delayed;
    };
  return { a: runner(a, toVigil), b: runner(b, toBare) };
});
