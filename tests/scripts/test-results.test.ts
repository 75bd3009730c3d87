import { expect, test } from 'vitest';
import { readResults } from '../../scripts/test-results.mjs';

const whole = { code: 0, picked: false };
const counts = { numPassedTests: 3, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0, testResults: [] };

test('all passed', () => {
  expect(readResults(JSON.stringify(counts), whole)).toEqual({ passed: 3, failed: 0, problems: [] });
});

test('a skipped or planned test counts as failed', () => {
  const report = JSON.stringify({ ...counts, numPendingTests: 1, numTodoTests: 1 });
  expect(readResults(report, whole)).toEqual({ passed: 3, failed: 2, problems: ['2 tests were not run'] });
});

test('tests not picked by name are not missed', () => {
  const report = JSON.stringify({ ...counts, numPendingTests: 9 });
  expect(readResults(report, { code: 0, picked: true }).failed).toBe(0);
});

test('a file that could not be loaded counts as one failed', () => {
  const broken = { name: 'a.test.ts', status: 'failed', assertionResults: [] };
  const report = JSON.stringify({ ...counts, testResults: [broken] });
  expect(readResults(report, { code: 1, picked: false })).toMatchObject({ passed: 3, failed: 1 });
});

test('a file with a failed test counts that test only', () => {
  const file = { name: 'a.test.ts', status: 'failed', assertionResults: [{ status: 'failed' }] };
  const report = JSON.stringify({ ...counts, numFailedTests: 1, testResults: [file] });
  expect(readResults(report, { code: 1, picked: false })).toEqual({ passed: 3, failed: 1, problems: [] });
});

test.each([
  ['an error outside of any test', JSON.stringify(counts), 1],
  ['no test at all', JSON.stringify({ ...counts, numPassedTests: 0 }), 0],
  ['no report', '', 1],
])('%s is a failure', (_, report, code) => {
  expect(readResults(report, { code, picked: false }).failed).toBe(1);
});
