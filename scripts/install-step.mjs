import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { root } from './root.mjs';
import { must } from './run.mjs';

const lockFile = `${root}/package-lock.json`;
const installedFile = `${root}/node_modules/.package-lock.json`;
const stampFile = `${root}/node_modules/.vigil-lock`;

/** @returns {boolean} whether node_modules holds what package-lock.json says */
export function installIsCurrent() {
  const lock = readFileSync(lockFile, 'utf8');
  const hash = createHash('sha256').update(lock).digest('hex');
  if (readOrNothing(stampFile) === hash) return true;
  if (!samePackages(lock, readOrNothing(installedFile))) return false;
  writeFileSync(stampFile, hash); // somebody ran npm by hand: as good as npm ci
  return true;
}

/** @returns {Promise<void>} */
export async function install() {
  await must('installing the packages', 'npm', [
    'ci',
    '--include=dev',
    '--no-audit',
    '--no-fund',
    '--no-update-notifier',
    '--loglevel=error', // `npm run --silent` would hand its silence down
  ]);
  const hash = createHash('sha256').update(readFileSync(lockFile)).digest('hex');
  writeFileSync(stampFile, hash);
}

/**
 * npm lists what it installed in node_modules/.package-lock.json; only optional packages (other platforms) may be absent.
 *
 * @param {string} lock
 * @param {string} installed
 * @returns {boolean}
 */
export function samePackages(lock, installed) {
  if (installed === '') return false;
  /** @typedef {Record<string, { version?: string, integrity?: string, optional?: boolean }>} Packages */
  /** @type {Packages} */
  const wanted = JSON.parse(lock).packages;
  /** @type {Packages} */
  const found = JSON.parse(installed).packages;
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === '') return true;
    const there = found[path];
    if (there === undefined) return entry.optional === true;
    return there.version === entry.version && there.integrity === entry.integrity;
  });
}

/**
 * @param {string} file
 * @returns {string} the file's text, empty when there is no such file
 */
function readOrNothing(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ENOENT') return '';
    throw error;
  }
}
