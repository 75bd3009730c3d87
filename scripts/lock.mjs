import { mkdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const touchEvery = 2_000;
/** A lock not touched for so long has no owner any more, wherever that was running (ms). */
const abandonedAfter = 60_000;

/**
 * Run `work` while holding a lock directory, so that of several processes one works and the others wait.
 * A lock whose owner died is taken over.
 *
 * @template T
 * @param {string} path
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLock(path, work) {
  mkdirSync(dirname(path), { recursive: true });
  while (!make(path)) {
    if (isAbandoned(path)) takeAway(path);
    await sleep(50);
  }
  writeFileSync(`${path}/owner`, JSON.stringify({ pid: process.pid, host: hostname() }));
  const touch = setInterval(() => utimesSync(path, new Date(), new Date()), touchEvery);
  touch.unref();
  try {
    return await work();
  } finally {
    clearInterval(touch);
    rmSync(path, { recursive: true, force: true });
  }
}

/**
 * @param {string} path
 * @returns {boolean} false when the directory is there already
 */
function make(path) {
  try {
    mkdirSync(path);
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'EEXIST') return false;
    throw error;
  }
}

/**
 * Two waiters must not both remove it (the second would remove the first one's new lock): a second directory decides.
 *
 * @param {string} path
 */
function takeAway(path) {
  const decider = `${path}.taking`;
  if (make(decider)) {
    try {
      if (isAbandoned(path)) rmSync(path, { recursive: true, force: true });
    } finally {
      rmSync(decider, { recursive: true, force: true });
    }
  } else if (untouchedFor(decider) > abandonedAfter) {
    rmSync(decider, { recursive: true, force: true });
  }
}

/**
 * @param {string} path
 * @returns {boolean}
 */
function isAbandoned(path) {
  if (untouchedFor(path) > abandonedAfter) return true;
  const owner = readOwner(path);
  return owner !== undefined && owner.host === hostname() && !isAlive(owner.pid);
}

/**
 * @param {string} path
 * @returns {number} milliseconds
 */
function untouchedFor(path) {
  const found = statSync(path, { throwIfNoEntry: false });
  return found === undefined ? 0 : Date.now() - found.mtimeMs;
}

/**
 * @param {string} path
 * @returns {{ pid: number, host: string } | undefined} undefined while it is being made or is gone
 */
function readOwner(path) {
  try {
    return JSON.parse(readFileSync(`${path}/owner`, 'utf8'));
  } catch (error) {
    if (error instanceof SyntaxError || /** @type {NodeJS.ErrnoException} */ (error).code === 'ENOENT')
      return undefined;
    throw error;
  }
}

/**
 * @param {number} pid
 * @returns {boolean}
 */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM'; // another user's process
  }
}
