import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { root } from './root.mjs';
import { must } from './run.mjs';

/** Beside the checkout, or where MINI_CLOUD says: a keystone, placement, glance and nova with hypervisors that are fake. */
export const MINI_CLOUD = process.env.MINI_CLOUD ?? join(root, '../shared/mini-cloud/mini-cloud');

/** Whether there is one to be started. */
export function isMiniCloudThere() {
  return existsSync(MINI_CLOUD);
}

const requirements = join(dirname(MINI_CLOUD), 'requirements.lock');

/** Where its Python packages are kept for the next time, by the list of them. */
export function miniCloudVenv() {
  const version = createHash('sha256').update(readFileSync(requirements)).digest('hex').slice(0, 12);
  return process.env.MINI_VENV ?? join(homedir(), '.cache/vigil', `mini-cloud-${version}`);
}

/**
 * Get its Python packages, behind whatever else this machine does: it takes minutes, mostly of waiting.
 *
 * @returns {Promise<void>}
 * @throws {Error} with what Python said
 */
export async function prepareMiniCloud() {
  const venv = miniCloudVenv();
  const ready = join(venv, '.ready');
  if (existsSync(ready)) return;
  await must('making a Python environment', 'nice', ['-n', '19', 'python3', '-m', 'venv', venv]);
  const pip = ['-n', '19', join(venv, 'bin/pip'), 'install', '-q', '--disable-pip-version-check', '-r', requirements];
  await must('installing the packages of the mini-cloud', 'nice', pip);
  // The mini-cloud itself looks for it.
  writeFileSync(ready, '');
}
