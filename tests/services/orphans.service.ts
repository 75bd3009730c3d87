import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, openSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { guard, removeTempDir } from '../../servers/guard.ts';

const vitest = fileURLToPath(new URL('../../node_modules/vitest/vitest.mjs', import.meta.url));
const config = fileURLToPath(new URL('./orphans/vitest.config.ts', import.meta.url));

let dir: string;
let mark: string;
let runner: ChildProcess;

beforeEach(async () => {
  dir = mkdtempSync('/tmp/vigil-'); // not in the run's folder: unix sockets allow for 107 characters only
  guard({ dir });
  mkdirSync(`${dir}/tmp`);
  mark = randomUUID();
  const log = openSync(`${dir}/log`, 'w');
  runner = spawn(process.execPath, [vitest, 'run', '--config', config], {
    // Everything it starts inherits the mark, by which it is found again.
    env: { ...process.env, VIGIL_TEST_MARK: mark, VIGIL_TEST_HOLDING: `${dir}/holding`, TMPDIR: `${dir}/tmp` },
    stdio: ['ignore', log, log],
  });
  await until(() => existsSync(`${dir}/holding`) || runner.exitCode !== null);
  if (runner.exitCode !== null) throw new Error(readFileSync(`${dir}/log`, 'utf8'));
});

afterEach(async () => {
  for (const { pid } of marked()) process.kill(pid, 'SIGKILL');
  await removeTempDir(dir);
});

test.each(['SIGKILL', 'SIGINT', 'SIGTERM'] as const)(
  'a test run ended by %s leaves neither servers nor folders',
  async (signal) => {
    expect(marked().map(({ name }) => name)).toEqual(
      expect.arrayContaining(['redis-server', 'beam.smp', 'epmd', 'java', 'chromium']),
    );
    runner.kill(signal);
    await until(() => marked().length === 0).catch(() => undefined);
    expect(marked()).toEqual([]);
    expect(readdirSync(`${dir}/tmp`).filter((name) => !isVitests(name))).toEqual([]);
  },
);

/** The living processes that descend from the marked run, whoever their parent is now (redis overwrites its environment). */
function marked(): { pid: number; name: string }[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .filter((pid) => environment(pid).includes(`VIGIL_TEST_MARK=${mark}`) || folder(pid).startsWith(dir))
    .map((pid) => ({ pid: Number(pid), name: unlessGone(() => readFileSync(`/proc/${pid}/comm`, 'utf8')).trim() }));
}

/** The runner's own cache has a random name of 21 characters; it leaves it when it is killed. */
const isVitests = (name: string): boolean => /^[\w-]{21}$/.test(name);
const environment = (pid: string): string => unlessGone(() => readFileSync(`/proc/${pid}/environ`, 'utf8'));
const folder = (pid: string): string => unlessGone(() => readlinkSync(`/proc/${pid}/cwd`));

/** Empty when the process is gone or another user's. */
function unlessGone(read: () => string): string {
  try {
    return read();
  } catch (error) {
    if (['ENOENT', 'ESRCH', 'EACCES', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) return '';
    throw error;
  }
}

async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    if (holds()) return;
    await sleep(100);
  }
  throw new Error('it did not happen');
}
