import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { root } from './root.mjs';
import { run, tsc } from './run.mjs';
import { readResults } from './test-results.mjs';

/** What must hold besides the tests; each counts as one. */
const checks = [
  { name: 'types', args: [tsc, '--noEmit'] },
  ...(existsSync(`${root}/web/tsconfig.json`) ? [{ name: 'types of web/', args: [tsc, '--noEmit', '-p', 'web'] }] : []),
  { name: 'format and lint', args: [`${root}/node_modules/@biomejs/biome/bin/biome`, 'check', '.'] },
];

/**
 * @typedef {{ passed: number, failed: number }} Counts
 */

/**
 * Types, format, lint, and all tests that need no cloud.
 *
 * @param {readonly string[]} args for vitest
 * @returns {Promise<Counts>}
 */
export async function runTests(args) {
  let [passed, failed] = [0, 0];
  for (const { name, args: command } of checks) {
    const { code, output } = await run(process.execPath, command);
    if (code === 0) passed += 1;
    else failed += 1;
    console.log(code === 0 ? `✓ ${name}` : `${output.trimEnd()}\n✗ ${name}`);
  }
  return sum([{ passed, failed }, await vitest('default', args)]);
}

/**
 * The suite against a real cloud.
 *
 * @param {readonly string[]} args for vitest
 * @param {NodeJS.ProcessEnv} [variables] besides this process's own
 * @returns {Promise<Counts>}
 */
export function runCloudTests(args, variables = {}) {
  return vitest('verbose', ['--config', `${root}/tests/cloud/vitest.config.ts`, ...args], variables);
}

/**
 * @param {readonly Counts[]} counts
 * @returns {Counts}
 */
export function sum(counts) {
  return counts.reduce((a, b) => ({ passed: a.passed + b.passed, failed: a.failed + b.failed }));
}

/**
 * The plain line that every run of tests ends with; a failure is also in the exit code.
 *
 * @param {Counts} counts
 */
export function close({ passed, failed }) {
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}

/**
 * @param {'default' | 'verbose'} reporter verbose: each test as it ends
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} [variables]
 * @returns {Promise<Counts>}
 */
async function vitest(reporter, args, variables = {}) {
  const reports = mkdtempSync(`${tmpdir()}/vigil-test-`);
  const report = `${reports}/results.json`;
  const reporters = [`--reporter=${reporter}`, '--reporter=json', `--outputFile.json=${report}`];
  const code = await spawned([...['run', ...reporters], ...args], variables);
  const picked = args.some((arg) => /^(-t|--testNamePattern)/.test(arg));
  const results = readResults(existsSync(report) ? readFileSync(report, 'utf8') : '', { code, picked });
  rmSync(reports, { recursive: true, force: true });
  for (const problem of results.problems) console.log(`✗ ${problem}`);
  return results;
}

/**
 * On ^C the terminal tells vitest too, which ends the servers it started; this process waits for that.
 *
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} variables
 * @returns {Promise<number>} its exit code
 */
function spawned(args, variables) {
  const child = spawn(process.execPath, [`${root}/node_modules/vitest/vitest.mjs`, ...args], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...variables },
  });
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (exitCode) => resolve(exitCode ?? 1));
  });
}
