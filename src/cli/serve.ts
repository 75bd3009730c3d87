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
  const running = await run(config, log, (error) => {
    log.fatal((error as Error).message);
    end(1);
  });
  log.info(file === null ? 'no configuration file: the defaults, with a simulated cloud' : `configuration: ${file}`);
  greet(running.address, config.roles, log);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => end(0));
  const code = await ended;
  log.info('stopping');
  setTimeout(() => process.exit(code), GRACE_MILLIS).unref();
  await running.stop();
  return code;
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
