import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root folder, without a trailing slash. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/**
 * Refuse a Node older than `engines.node` of package.json.
 *
 * @param {string} [version] the running Node's version, `20.20.0`
 * @throws {Error} naming both versions
 */
export function checkNode(version = process.versions.node) {
  const { engines } = JSON.parse(readFileSync(`${root}/package.json`, 'utf8'));
  const wanted = /** @type {string} */ (engines.node).replace(/^>=\s*/, '');
  if (compareVersions(version, wanted) < 0) {
    throw new Error(
      `Node ${wanted} or newer is needed, this is ${version} (${process.execPath}); see https://nodejs.org`,
    );
  }
}

/**
 * @param {string} a
 * @param {string} b
 * @returns {number} below zero when a is the older one
 */
function compareVersions(a, b) {
  const left = numbers(a);
  const right = numbers(b);
  return left.map((part, i) => part - (right[i] ?? 0)).find((difference) => difference !== 0) ?? 0;
}

/**
 * @param {string} version
 * @returns {number[]} major, minor, patch
 */
function numbers(version) {
  return version.replace(/-.*/, '').split('.').map(Number);
}
