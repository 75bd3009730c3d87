import { expect, it } from 'vitest';
import { nearest } from '../../src/nearest.ts';

it.each([
  ['prot', 'port'],
  ['HOST', 'host'],
  ['hots', 'host'],
  ['sources', undefined],
  ['x', undefined],
])('finds for %s the name %s', (given, expected) => {
  expect(nearest(given, ['host', 'port'])).toBe(expected);
});
