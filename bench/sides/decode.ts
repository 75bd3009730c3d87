import { readMessages } from '../messages.ts';
import { collectGarbage, type Side } from './side.ts';

const MILLIS_PER_SECOND = 1_000;

/** The least that anybody does with a notification: two JSON.parse. Rounds give messages a second. */
export async function decodeSide(): Promise<Side> {
  return {
    round: async (file) => {
      const bodies = readMessages(file);
      await collectGarbage();
      const start = performance.now();
      for (const body of bodies) decodeTwice(body);
      return (bodies.length * MILLIS_PER_SECOND) / (performance.now() - start);
    },
    close: async () => undefined,
  };
}

/** The envelope, and the message in it. */
export function decodeTwice(body: Buffer): unknown {
  const outer = JSON.parse(body.toString()) as { 'oslo.message': string };
  const { payload } = JSON.parse(outer['oslo.message']) as { payload?: unknown };
  if (payload === undefined) throw new TypeError('a message without a payload');
  return payload;
}
