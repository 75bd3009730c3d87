// Ends servers whose owner is gone, however it went: the owner holds this process's stdin open and says on it, one JSON
// object a line, what it started; when the pipe ends, all of that is killed and its folders are removed.
import { existsSync, rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

/** @typedef {{ op: 'add' | 'drop', group?: number, dir?: string }} Line group: a process group's id */

/** @type {Set<number>} */
const groups = new Set();
/** @type {Set<string>} */
const dirs = new Set();

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => undefined); // only the pipe counts

for await (const text of createInterface({ input: process.stdin })) {
  const { op, group, dir } = /** @type {Line} */ (JSON.parse(text));
  if (group !== undefined) groups[op === 'add' ? 'add' : 'delete'](group);
  if (dir !== undefined) dirs[op === 'add' ? 'add' : 'delete'](dir);
}

for (const group of groups) kill(group);
// What is being killed, also by the watchdogs of other processes of the same test run, may still be writing.
for (let quiet = 0, tries = 0; quiet < 10 && tries < 300; tries++) {
  quiet = removeAll() ? 0 : quiet + 1;
  await sleep(100);
}

/** @returns {boolean} whether there was anything to remove */
function removeAll() {
  const there = [...dirs].filter((dir) => existsSync(dir));
  for (const dir of there) {
    try {
      rmSync(dir, { recursive: true, force: true });
    } catch (error) {
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'ENOTEMPTY') throw error; // tried again
    }
  }
  return there.length > 0;
}

/** @param {number} group */
function kill(group) {
  try {
    process.kill(-group, 'SIGKILL');
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'ESRCH') throw error;
  }
}
