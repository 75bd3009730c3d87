import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { lockDirectory } from '../../model/stores/embedded/lock.ts';
import type { StoreConfig } from '../config/schema/store.ts';
import { Ending } from '../ending.ts';
import { openStore } from '../stores.ts';
import { type Finding, failure, ok, warning } from './finding.ts';

const ABOUT = 'store';
const PATIENCE_MILLIS = 10_000;

/** Whether the store can be opened and is safe, for when no running Vigil can be asked. */
export async function checkStore(config: StoreConfig, cloud: string): Promise<Finding[]> {
  try {
    return config.kind === 'embedded' ? await checkDirectory(config) : await checkRedis(config, cloud);
  } catch (error) {
    return [failure(ABOUT, (error as Error).message, 'Mend store: in the configuration, or start it.')];
  }
}

/** Opening it would make its files, which would then belong to whoever asks and not to the service. */
async function checkDirectory({ path, temporary }: StoreConfig & { kind: 'embedded' }): Promise<Finding[]> {
  if (temporary) return [ok(ABOUT, 'embedded, in a directory of its own that is made at the start')];
  const nearest = await nearestThere(resolve(path));
  await access(nearest, constants.R_OK | constants.W_OK | constants.X_OK).catch((error: NodeJS.ErrnoException) => {
    throw new Error(`${nearest} cannot be written to by this user (${error.code})`, { cause: error });
  });
  if (nearest !== resolve(path)) return [ok(ABOUT, `embedded, in ${path}, which is made at the first start`)];
  await (await lockDirectory(path)).release();
  return [ok(ABOUT, `embedded (${path})`)];
}

/** The directory itself, or the nearest around it that is there. */
async function nearestThere(path: string): Promise<string> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    return null;
  });
  if (found !== null && !found.isDirectory()) throw new Error(`${path} is no directory`);
  return found === null ? nearestThere(dirname(path)) : path;
}

async function checkRedis(config: StoreConfig, cloud: string): Promise<Finding[]> {
  let problem = 'it does not answer';
  const ending = new Ending();
  const waiting = new AbortController();
  const opening = openStore(config, {
    cloud,
    simulated: false,
    onProblem: (text) => (problem = text),
    atEnd: (work) => ending.add(work),
    abandoned: waiting.signal,
  });
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(problem)), PATIENCE_MILLIS);
  });
  try {
    const store = await Promise.race([opening, late]);
    const { kind, location, problems } = await store.health();
    await store.close();
    if (problems.length === 0) return [ok(ABOUT, `${kind} (${location})`)];
    return problems.map((text) => warning(ABOUT, text, 'See docs/operations.'));
  } finally {
    clearTimeout(timer);
    waiting.abort();
    await ending.run();
  }
}
