import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, expect, it } from 'vitest';
import { makeTempDir, removeTempDir } from '../../servers/guard.ts';

const ROOT = join(import.meta.dirname, '../..');
let served: ChildProcess | undefined;
let dir: string | undefined;

afterEach(async () => {
  served?.kill('SIGKILL');
  if (dir !== undefined) await removeTempDir(dir);
  dir = undefined;
});

/** Starts a Vigil with its own child, and gives what both write once they have begun to. */
async function serve(...settings: string[]): Promise<{ process: ChildProcess; output: Promise<string> }> {
  const flags = ['listen.port=0', 'log.format=json', ...settings].flatMap((setting) => ['--set', setting]);
  const args = [join(ROOT, 'scripts/vigil.mjs'), 'serve', ...flags];
  served = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  if (served.stdout === null) throw new Error('no pipe');
  const [first] = await once(served.stdout, 'data');
  return { process: served, output: text(served.stdout).then((rest) => String(first) + rest) };
}

it('ends in good order when the process that was started is told to end, or is gone', async () => {
  dir = await makeTempDir('respawn');
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGKILL'] as const) {
    const { process: started, output } = await serve(`store.path=${dir}/data`);
    const ended = once(started, 'exit');
    started.kill(signal);
    expect(await ended).toEqual(signal === 'SIGKILL' ? [null, 'SIGKILL'] : [0, null]);
    // The pipe ends with its last writer, the child.
    expect(await output).toContain('stopping');
  }
});

it('ends with the exit code of what it started', async () => {
  const args = [join(ROOT, 'scripts/vigil.mjs'), 'serve', '--set', 'listen.port=no'];
  served = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'ignore'] });
  expect(await once(served, 'exit')).toEqual([1, null]);
});

it('ends at once while it waits for a store that cannot be reached', async () => {
  const { process: started } = await serve('store.kind=redis', 'store.url=redis://127.0.0.1:1/0');
  const ended = once(started, 'exit');
  started.kill('SIGTERM');
  expect(await ended).toEqual([0, null]);
});
