import { expect, it } from 'vitest';
import { basic } from '../../strategies/consolidation/basic.ts';
import { dummy } from '../../strategies/dummy/dummy.ts';
import { refresh } from '../../strategies/refresh/refresh.ts';
import { cloudOf } from './cloud.ts';
import { solved } from './solving.ts';

it('the dummy plans two messages and a sleep, one after the other', () => {
  const { actions } = solved(dummy, cloudOf({}).fork(), { para2: 'you' });
  expect(actions.map(({ type, input, parents }) => [type, input.message ?? input.duration, parents])).toEqual([
    ['nop', 'hello World', []],
    ['nop', 'you', [0]],
    ['sleep', 1, [1]],
  ]);
});

it('the refresh plans nothing', () => {
  expect(solved(refresh, cloudOf({}).fork(), {}).actions).toEqual([]);
});

it('a strategy without logic says that it has none', () => {
  expect(() => solved({ ...basic, plan: null }, cloudOf({}).fork(), {})).toThrow(
    'Strategy basic is known by name only: this version of Vigil cannot carry it out.',
  );
});
