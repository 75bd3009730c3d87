import { expect, it } from 'vitest';
import { matches } from '../../../strategies/constraints/spec-match.ts';

it.each([
  ['true', 'true', true],
  ['true', 'false', false],
  ['4', '= 4', true],
  ['3', '= 4', false],
  ['5', '= 4', true],
  ['4.0', '== 4', true],
  ['5', '== 4', false],
  ['5', '!= 4', true],
  ['10', '>= 9', true],
  ['10', '<= 9', false],
  ['text', '>= 9', false],
  ['10', 's>= 9', false],
  ['a', 's< b', true],
  ['a', 's== a', true],
  ['a', 's!= a', false],
  ['b', 's<= a', false],
  ['b', 's> a', true],
  ['xyz', '<in> y', true],
  ['xz', '<in> y', false],
  ['aes mmx', '<all-in> aes mmx', true],
  ['aes', '<all-in> aes mmx', false],
  ['b', '<or> a <or> b', true],
  ['<or>', '<or> a <or> b', false],
  ['c', '<or> a <or> b', false],
  ['4', '>=', false],
  ['', '<all-in>', false],
])('%s against "%s": %s', (value, wanted, holds) => {
  expect(matches(value, wanted)).toBe(holds);
});
