import type { Logger } from 'pino';
import type { Decoder } from '../../streams/ingest.ts';
import type { LoadedConfig } from '../config/load.ts';
import { DecodeThread } from '../decoding/decode-thread.ts';
import type { Role } from '../roles.ts';
import { type Running, run } from '../run.ts';

/** How long what is under way may take to end after the first signal. */
const GRACE_MILLIS = 20_000;

/** Runs the service until it is told to end (SIGINT, SIGTERM) or fails. Returns the exit code. */
export async function serve(loaded: LoadedConfig, log: Logger): Promise<number> {
  const thread = new DecodeThread(({ message }) => {
    log.warn(`the thread that decodes failed, from now on messages are decoded beside all else: ${message}`);
  });
  try {
    return await serveWith(thread.decode, loaded, log);
  } finally {
    await thread.end();
  }
}

async function serveWith(decoder: Decoder, { config, file }: LoadedConfig, log: Logger): Promise<number> {
  let end: (code: number) => void = () => undefined;
  const ended = new Promise<number>((resolve) => {
    end = resolve;
  });
  const told = new AbortController();
  onStop(() => {
    told.abort();
    end(0);
  });
  const fail = (error: unknown): void => {
    log.fatal((error as Error).message);
    end(1);
  };
  const starting = run(config, { log, fail, abandoned: told.signal, decoder });
  const running = await Promise.race([starting, ended]);
  if (typeof running === 'number') return abandon(starting, running, log);
  log.info(file === null ? 'no configuration file: the defaults, with a simulated cloud' : `configuration: ${file}`);
  greet(running.address, config.roles, log);
  const code = await ended;
  log.info('stopping');
  exitAfterGrace(code);
  await running.stop();
  return code;
}

/** Ends what has only begun to start, in good order: an exit amid the opening of a store leaves the process hanging. */
async function abandon(starting: Promise<Running>, code: number, log: Logger): Promise<number> {
  log.info('stopping before it began');
  exitAfterGrace(code);
  // What it failed at does not matter any more.
  const running = await starting.catch(() => null);
  await running?.stop();
  return code;
}

function exitAfterGrace(code: number): void {
  setTimeout(() => process.exit(code), GRACE_MILLIS).unref();
}

/** Told by a signal, by the process that started this one for its sake, or by the end of that. */
function onStop(stop: () => void): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop);
  if (process.channel === undefined) return;
  process.once('message', stop);
  process.once('disconnect', stop);
  process.channel.unref();
}

function greet(address: string, roles: readonly Role[], log: Logger): void {
  if (!roles.includes('api')) {
    log.info(`${roles.join(', ')} only; health and metrics: ${address}/readyz, ${address}/metrics`);
    return;
  }
  log.info(`the page      ${address}/`);
  log.info(`hosts         ${address}/model/hosts`);
  log.info(`changes       ${address}/model/changes`);
  log.info(`the API       ${address}/docs`);
}
