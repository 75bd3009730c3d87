import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import fastify from 'fastify';
import { collectGarbage, type Side } from './side.ts';

/** Milliseconds for which a round lasts. */
export const ROUND_MS = 3_000;

export interface BareSettings {
  readonly port: number;
  /** The file of the bytes that are answered, by path. */
  readonly answers: { readonly [path: string]: string };
}

/** The least that sends the same bytes: a route of Fastify for each path. It is asked for the time of a round; the value says nothing. */
export async function readBareSide({ port, answers }: BareSettings): Promise<Side> {
  const app = fastify();
  for (const [path, file] of Object.entries(answers)) {
    const bytes = readFileSync(file);
    app.get(path, (_, reply) => reply.header('content-type', 'application/json').send(bytes));
  }
  await app.listen({ host: '127.0.0.1', port });
  return {
    round: async () => {
      await collectGarbage();
      await sleep(ROUND_MS);
      return 0;
    },
    close: () => app.close(),
  };
}
