import type { Logger } from 'pino';
import type { LoadedConfig } from '../config/load.ts';
import type { Role } from '../roles.ts';
import { run } from '../run.ts';

/** How long what is under way may take to end after the first signal. */
const GRACE_MILLIS = 20_000;

/** Runs the service until it is told to end (SIGINT, SIGTERM) or fails. Returns the exit code. */
export async function serve({ config, file }: LoadedConfig, log: Logger): Promise<number> {
  let end: (code: number) => void = () => undefined;
  const ended = new Promise<number>((resolve) => {
    end = resolve;
  });
  onStop(() => end(0));
  const starting = run(config, log, (error) => {
    log.fatal((error as Error).message);
    end(1);
  });
  const running = await Promise.race([starting, ended]);
  // Told to end while it waits for a store, say: there is nothing yet that would have to end in good order.
  if (typeof running === 'number') process.exit(running);
  log.info(file === null ? 'no configuration file: the defaults, with a simulated cloud' : `configuration: ${file}`);
  greet(running.address, config.roles, log);
  const code = await ended;
  log.info('stopping');
  setTimeout(() => process.exit(code), GRACE_MILLIS).unref();
  await running.stop();
  return code;
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
