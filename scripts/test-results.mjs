/**
 * Count what vitest's JSON report says. Nothing may look green that was not run: a file that could not be loaded, a
 * skipped test, an error outside of any test and a run without tests are failures.
 *
 * @param {string} json the report; empty when vitest wrote none
 * @param {{ code: number, picked: boolean }} run vitest's exit code; whether tests were picked by name (the others count as skipped)
 * @returns {{ passed: number, failed: number, problems: string[] }}
 */
export function readResults(json, { code, picked }) {
  if (json === '') return { passed: 0, failed: 1, problems: ['vitest ended without a report'] };
  const report = JSON.parse(json);
  const passed = /** @type {number} */ (report.numPassedTests);
  let failed = /** @type {number} */ (report.numFailedTests);
  const problems = [];
  /** @type {{ name: string, status: string, assertionResults: { status: string }[] }[]} */
  const files = report.testResults;
  for (const file of files) {
    const broken = file.status === 'failed' && !file.assertionResults.some(({ status }) => status === 'failed');
    if (!broken) continue;
    failed += 1;
    problems.push(`${file.name}: failed outside of its tests`);
  }
  const skipped = /** @type {number} */ (report.numPendingTests) + /** @type {number} */ (report.numTodoTests);
  if (skipped > 0 && !picked) {
    failed += skipped;
    problems.push(`${skipped} tests were not run`);
  }
  if (passed + failed === 0) {
    failed += 1;
    problems.push('no tests were run');
  }
  if (code !== 0 && failed === 0) {
    failed += 1;
    problems.push(`vitest ended with code ${code}`);
  }
  return { passed, failed, problems };
}
