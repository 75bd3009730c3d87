import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { withLock } from '../../scripts/lock.mjs';

let dir: string;
let lock: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'vigil-lock-'));
  lock = join(dir, 'cache', 'ensure.lock');
});
afterEach(() => rmSync(dir, { recursive: true }));

test('one works while the others wait', async () => {
  let working = 0;
  let most = 0;
  const work = async (): Promise<void> => {
    working += 1;
    most = Math.max(most, working);
    await sleep(20);
    working -= 1;
  };
  await Promise.all([withLock(lock, work), withLock(lock, work), withLock(lock, work)]);
  expect(most).toBe(1);
});

test('is given back when the work fails', async () => {
  const failing = withLock(lock, () => Promise.reject(new Error('no network')));
  await expect(failing).rejects.toThrow('no network');
  expect(existsSync(lock)).toBe(false);
});

test('is taken over from an owner that died', async () => {
  const dead = spawnSync(process.execPath, ['--version']).pid;
  held({ pid: dead, host: hostname() });
  expect(await withLock(lock, async () => 'done')).toBe('done');
});

test('is taken over, once, by one of several waiters', async () => {
  held({ pid: spawnSync(process.execPath, ['--version']).pid, host: hostname() });
  let working = 0;
  let most = 0;
  const work = async (): Promise<void> => {
    working += 1;
    most = Math.max(most, working);
    await sleep(20);
    working -= 1;
  };
  await Promise.all(Array.from({ length: 8 }, () => withLock(lock, work)));
  expect(most).toBe(1);
});

test("is taken over from another machine's owner that no longer touches it", async () => {
  held({ pid: process.pid, host: 'elsewhere' });
  const longAgo = new Date(Date.now() - 3_600_000);
  utimesSync(lock, longAgo, longAgo);
  expect(await withLock(lock, async () => 'done')).toBe('done');
});

test("is left to another machine's owner that still touches it", async () => {
  held({ pid: process.pid, host: 'elsewhere' });
  const waiting = withLock(lock, async () => 'done');
  expect(await Promise.race([waiting, sleep(300, 'waiting')])).toBe('waiting');
  rmSync(lock, { recursive: true });
  expect(await waiting).toBe('done');
});

function held(owner: { pid: number; host: string }): void {
  mkdirSync(lock, { recursive: true });
  writeFileSync(join(lock, 'owner'), JSON.stringify(owner));
}
