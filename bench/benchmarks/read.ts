import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Pool } from 'undici';
import { freePort } from '../../servers/ports.ts';
import { writeMessages } from '../messages.ts';
import type { Runner } from '../rounds.ts';
import { ROUND_MS } from '../sides/read-bare.ts';
import { startSide } from '../sides/remote.ts';
import type { Side } from '../sides/side.ts';
import { compared, ROUNDS, USUAL } from './benchmark.ts';

/** What is read: the model as a whole, and pages of a thousand. */
const PATHS = ['/v1/data_model', '/v1/audits', '/v1/action_plans'] as const;
const VERSION = { 'openstack-api-version': 'infra-optim latest' };
const RECORDS = 2_000;
/** More than are taken in during a round. */
const MESSAGES = 1_000;
const CLIENTS = 4;
const MILLIS_PER_SECOND = 1_000;

/**
 * How fast the API is read while messages are taken in, against Fastify sending the same bytes. All clients ask for one thing
 * at a time, a third of the round each; the value is the geometric mean of the three rates, so that each counts alike
 * whatever its size.
 */
export const apiToFastify = compared({ name: 'api.read/fastify', unit: 'answers/s', required: 0.5 }, async (hold) => {
  const rounds = ROUNDS.warmUps + ROUNDS.rounds;
  const messages = await hold(writeMessages({ ...USUAL, wire: 'rabbit' }, rounds, MESSAGES), (it) => it.remove());
  const ports = { a: await freePort(), b: await freePort() };
  const settings = { population: messages.population, port: ports.a, records: RECORDS };
  const vigil = await hold(startSide('read vigil', settings), (side) => side.close());
  const a = await hold(connect(ports.a), (pool) => pool.close());
  const answers: Record<string, string> = {};
  for (const path of PATHS) {
    const file = join(messages.folder, path.replaceAll('/', '-'));
    writeFileSync(file, await read(a, path));
    answers[path] = file;
  }
  const bare = await hold(startSide('read bare', { port: ports.b, answers }), (side) => side.close());
  const b = await hold(connect(ports.b), (pool) => pool.close());
  const of = (n: number): string => messages.rounds[n] ?? '';
  return { a: runner(vigil, a, of), b: runner(bare, b, of) };
});

async function connect(port: number): Promise<Pool> {
  return new Pool(`http://127.0.0.1:${port}`, { connections: CLIENTS });
}

function runner(side: Side, pool: Pool, file: (round: number) => string): Runner {
  return async (round) => {
    const ended = side.round(file(round));
    let product = 1;
    for (const path of PATHS) product *= await rateOf(pool, path);
    await ended;
    return product ** (1 / PATHS.length);
  };
}

/** Answers a second, while all clients ask for the same again and again. */
async function rateOf(pool: Pool, path: string): Promise<number> {
  const begin = performance.now();
  let answers = 0;
  const client = async (): Promise<void> => {
    for (; performance.now() - begin < ROUND_MS / PATHS.length; answers++) await read(pool, path);
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
  return (answers * MILLIS_PER_SECOND) / (performance.now() - begin);
}

async function read(pool: Pool, path: string): Promise<Buffer> {
  const { statusCode, body } = await pool.request({ method: 'GET', path, headers: VERSION });
  const bytes = Buffer.from(await body.arrayBuffer());
  if (statusCode !== 200) throw new Error(`${path}: ${statusCode} ${bytes}`);
  return bytes;
}
