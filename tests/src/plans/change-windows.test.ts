import { describe, expect, it } from 'vitest';
import { readWindow } from '../../../src/plans/change-windows.ts';

describe('a change window', () => {
  it.each([
    ['mon-fri 22:00-06:00 Europe/Vienna', '2026-11-23T21:00:00Z', true, 'on a Monday at its begin'],
    ['mon-fri 22:00-06:00 Europe/Vienna', '2026-11-23T20:59:00Z', false, 'on a Monday before it'],
    ['mon-fri 22:00-06:00 Europe/Vienna', '2026-11-28T04:59:00Z', true, 'on the Saturday that ends Friday’s'],
    ['mon-fri 22:00-06:00 Europe/Vienna', '2026-11-28T22:00:00Z', false, 'on a Saturday night'],
    ['mon-fri 22:00-06:00 Europe/Vienna', '2026-11-23T04:00:00Z', false, 'on the Monday that ends Sunday’s'],
    ['22:00-06:00', '2026-11-28T23:00:00Z', true, 'on any day when none is named'],
    ['sat-sun 00:00-00:00', '2026-11-29T23:59:00Z', true, 'all day'],
    ['sat-sun 00:00-00:00', '2026-11-30T00:00:00Z', false, 'not a minute longer'],
    ['sun 09:00-17:00', '2026-11-29T17:00:00Z', false, 'at its end'],
    ['fri-mon 09:00-17:00', '2026-11-29T12:00:00Z', true, 'with days over the end of the week'],
  ])('%s at %s is open: %s (%s)', (text, at, open) => {
    expect(readWindow(text).isOpen(Date.parse(at))).toBe(open);
  });

  it.each(['whenever', 'mon 10:00-11:00 Europe/Atlantis', 'noo-sun 10:00-11:00'])('%s is none', (text) => {
    expect(() => readWindow(text)).toThrow(RangeError);
  });
});
