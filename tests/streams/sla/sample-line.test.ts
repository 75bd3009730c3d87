import { expect, test } from 'vitest';
import { NoSample, parseSampleLine } from '../../../streams/sla/sample-line.ts';

const line = (value: string, time: string): string =>
  `{"metric": "m", "resource": "r", "value": ${value}, "time": ${time}}`;

test.each([
  ['1790000000', 1_790_000_000],
  ['1790000000.125', 1_790_000_000.125],
  ['"2026-09-21T14:13:20Z"', 1_790_000_000],
  ['"2026-09-21T14:13:20"', 1_790_000_000],
  ['"2026-09-21 14:13:20.125000"', 1_790_000_000.125],
  ['"2026-09-21T14:13:20.125+00:00"', 1_790_000_000.125],
  ['"2026-09-21T16:13:20+02:00"', 1_790_000_000],
  ['"2026-09-21T08:43:20-0530"', 1_790_000_000],
])('the time %s is understood', (time, seconds) => {
  expect(parseSampleLine(line('1', time))).toEqual({ metric: 'm', resource: 'r', value: 1, time: seconds });
});

test.each([
  ['1.5', 1.5],
  ['-3e2', -300],
  ['NaN', Number.NaN],
  ['"NaN"', Number.NaN],
  ['null', Number.NaN],
  ['-Infinity', Number.NEGATIVE_INFINITY],
  ['"+Inf"', Number.POSITIVE_INFINITY],
])('the value %s is understood', (value, number) => {
  expect(parseSampleLine(line(value, '1')).value).toBe(number);
});

test.each([
  ['', 'it is not JSON'],
  ['{"metric": "m"', 'it is not JSON'],
  ['[]', 'it is not an object'],
  ['{"resource": "r", "value": 1, "time": 1}', '"metric" must be a name, not missing'],
  ['{"metric": "", "resource": "r", "value": 1, "time": 1}', '"metric" must be a name, not ""'],
  ['{"metric": "m", "resource": 7, "value": 1, "time": 1}', '"resource" must be a name, not 7'],
  [line('"12"', '1'), '"value" must be a number, not "12"'],
  [line('true', '1'), '"value" must be a number, not true'],
  [line('1', '-1'), '"time" must be seconds since 1970, not -1'],
  [line('1', '1790000000000'), 'are these milliseconds?'],
  [line('1', '"yesterday"'), 'ISO 8601 such as 2026-11-23T01:46:23Z, not "yesterday"'],
  [line('1', '"2026-02-30T00:00:00Z"'), 'ISO 8601'],
])('%s is refused: %s', (text, problem) => {
  expect(() => parseSampleLine(text)).toThrow(problem);
  expect(() => parseSampleLine(text)).toThrow(NoSample);
});
