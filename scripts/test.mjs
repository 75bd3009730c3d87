import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { ensureOrExit } from './ensure.mjs';
import { root } from './root.mjs';
import { run, tsc } from './run.mjs';
import { readResults } from './test-results.mjs';

/** What must hold besides the tests; each counts as one in the last line. */
const checks = [
  { name: 'types', args: [tsc, '--noEmit'] },
  ...(existsSync(`${root}/web/tsconfig.json`) ? [{ name: 'types of web/', args: [tsc, '--noEmit', '-p', 'web'] }] : []),
  { name: 'format and lint', args: [`${root}/node_modules/@biomejs/biome/bin/biome`, 'check', '.'] },
];

const args = process.argv.slice(2);
await ensureOrExit({ build: false });
let [passed, failed] = [0, 0];

for (const { name, args: command } of checks) {
  const { code, output } = await run(process.execPath, command);
  if (code === 0) passed += 1;
  else failed += 1;
  console.log(code === 0 ? `✓ ${name}` : `${output.trimEnd()}\n✗ ${name}`);
}

const reports = mkdtempSync(`${tmpdir()}/vigil-test-`);
const report = `${reports}/results.json`;
const code = await vitest([
  ...['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`],
  ...args,
]);
const picked = args.some((arg) => /^(-t|--testNamePattern)/.test(arg));
const results = readResults(existsSync(report) ? readFileSync(report, 'utf8') : '', { code, picked });
rmSync(reports, { recursive: true, force: true });
for (const problem of results.problems) console.log(`✗ ${problem}`);
passed += results.passed;
failed += results.failed;
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

/**
 * On ^C the terminal tells vitest too, which ends the servers it started; this process waits for that.
 *
 * @param {readonly string[]} more arguments
 * @returns {Promise<number>} its exit code
 */
function vitest(more) {
  const child = spawn(process.execPath, [`${root}/node_modules/vitest/vitest.mjs`, ...more], {
    cwd: root,
    stdio: 'inherit',
  });
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (exitCode) => resolve(exitCode ?? 1));
  });
}
