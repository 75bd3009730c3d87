import { expect, test } from 'vitest';
import { samePackages } from '../../scripts/install-step.mjs';
import { checkNode } from '../../scripts/root.mjs';

const lock = packages({
  '': { version: '0.1.0' },
  'node_modules/pino': { version: '10.4.0', integrity: 'sha512-a' },
  'node_modules/@lmdb/lmdb-win32-x64': { version: '3.5.6', optional: true },
});

test('what npm installed is compared with the lock file', () => {
  expect(samePackages(lock, packages({ 'node_modules/pino': { version: '10.4.0', integrity: 'sha512-a' } }))).toBe(
    true,
  );
});

test.each([
  ['another version', packages({ 'node_modules/pino': { version: '10.3.0', integrity: 'sha512-a' } })],
  ['another content', packages({ 'node_modules/pino': { version: '10.4.0', integrity: 'sha512-b' } })],
  ['a package that is not there', packages({})],
  ['nothing installed', ''],
])('%s calls for an installation', (_, installed) => {
  expect(samePackages(lock, installed)).toBe(false);
});

test.each(['20.20.0', '20.20.1', '22.0.0', '24.1.0-nightly'])('Node %s is new enough', (version) => {
  expect(() => checkNode(version)).not.toThrow();
});

test.each(['18.20.0', '20.9.0', '20.19.9'])('Node %s is refused with both versions named', (version) => {
  expect(() => checkNode(version)).toThrow(`Node 20.20.0 or newer is needed, this is ${version}`);
});

function packages(entries: Record<string, object>): string {
  return JSON.stringify({ packages: entries });
}
