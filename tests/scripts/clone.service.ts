import { execFile } from 'node:child_process';
import { cp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeTempDir, removeTempDir } from '../../servers/guard.ts';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../', import.meta.url));
const NOT_IN_A_CLONE = new Set(['node_modules', 'dist', 'data', '.cache', '.git', 'vigil.yaml']);

let clone: string;

beforeAll(async () => {
  clone = await makeTempDir('clone');
  await cp(root, clone, { recursive: true, filter: (path) => !NOT_IN_A_CLONE.has(path.slice(root.length)) });
});
afterAll(() => removeTempDir(clone));

const INSTALLATION_MS = 300_000;

test('two first commands at once install and build, and write nothing of that to stdout', {
  timeout: INSTALLATION_MS,
}, async () => {
  const [one, other] = await Promise.all([replay(), replay()]);
  expect(other).toEqual(one);
  expect(one.instances.length).toBeGreaterThan(0);
  expect(one.instances[0]).toHaveProperty('uuid');
});

test('what is compiled is compiled again after a change, and what has no source any more is removed', async () => {
  const compiled = join(clone, 'dist/src/errors.js');
  await rm(compiled);
  await rm(join(clone, 'dist/.vigil-build'));
  await cp(compiled.replace('dist/src/errors.js', 'dist/src/log.js'), join(clone, 'dist/src/gone.js'));
  await run('npm', ['run', '--silent', 'build'], { cwd: clone });
  expect(await readFile(compiled, 'utf8')).toContain('export');
  await expect(readFile(join(clone, 'dist/src/gone.js'))).rejects.toThrow('ENOENT');
});

async function replay(): Promise<{ instances: Record<string, unknown>[] }> {
  const recording = 'tests/data/traces/multi_create.jsonl';
  const command = ['run', '--silent', 'vigil', '--', 'replay', recording, '--print', 'instances'];
  const { stdout } = await run('npm', command, { cwd: clone, maxBuffer: 16 * 1024 * 1024 });
  return { instances: JSON.parse(stdout) };
}
