import { existsSync } from 'node:fs';
import { build, buildIsCurrent } from './build-step.mjs';
import { install, installIsCurrent } from './install-step.mjs';
import { withLock } from './lock.mjs';
import { checkNode, root } from './root.mjs';

/**
 * Bring the working copy to a state in which Vigil can run: right Node, packages installed, sources compiled.
 * Costs a few milliseconds when nothing is to be done; several processes may call it at once.
 * Nothing is ever written to stdout; with `quiet` stderr gets problems only, no progress.
 *
 * @param {{ quiet?: boolean, build?: boolean }} [options] `build: false` stops after the packages
 * @returns {Promise<void>}
 * @throws {Error} with a message for the user when something cannot be had
 */
export async function ensure({ quiet = false, build: wanted = true } = {}) {
  checkNode();
  const ready = () => installIsCurrent() && (!wanted || buildIsCurrent());
  if (ready()) return;
  /** @param {string} line */
  const say = (line) => {
    if (!quiet) process.stderr.write(`vigil: ${line}\n`);
  };
  await withLock(`${root}/.cache/ensure.lock`, async () => {
    if (!installIsCurrent()) {
      say(existsSync(`${root}/node_modules`) ? 'updating packages (npm ci) …' : 'installing packages (npm ci) …');
      await install();
    }
    if (wanted && !buildIsCurrent()) {
      say('compiling …');
      await build();
    }
  });
}

/**
 * `ensure` for a script's first line: a failure is printed and ends the process with code 1.
 *
 * @param {{ quiet?: boolean, build?: boolean }} [options]
 * @returns {Promise<void>}
 */
export async function ensureOrExit(options) {
  try {
    await ensure(options);
  } catch (error) {
    process.stderr.write(`vigil: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  }
}
