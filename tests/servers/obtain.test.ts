import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { find, whatIsMissing } from '../../servers/obtain.ts';

let dir: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'vigil-obtain-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

test('finds a program in the first folder that has it', () => {
  const file = join(dir, 'redis-server');
  writeFileSync(file, '');
  chmodSync(file, 0o755);
  expect(find('redis-server', ['/nowhere', dir])).toBe(file);
});

test('does not take a file that cannot be run, nor a missing one', () => {
  writeFileSync(join(dir, 'epmd'), '');
  chmodSync(join(dir, 'epmd'), 0o644);
  expect(find('epmd', [dir])).toBeUndefined();
  expect(find('chromium', [dir])).toBeUndefined();
});

test('says which programs are missing and which packages bring them', () => {
  const message = whatIsMissing([{ command: 'java', package: 'default-jre-headless' }], ['default-jre-headless']);
  expect(message).toBe(
    'java missing; install the Debian packages: apt-get install --no-install-recommends default-jre-headless',
  );
});
