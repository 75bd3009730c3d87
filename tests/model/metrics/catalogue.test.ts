import { expect, test } from 'vitest';
import { CATALOGUE, metricTable } from '../../../model/metrics/catalogue.ts';

test('every metric has one name, something to be measured of, and is provided only of that', () => {
  expect(new Set(CATALOGUE.map(({ name }) => name)).size).toBe(CATALOGUE.length);
  for (const { name, of, provisions } of CATALOGUE) {
    expect(of.length, name).toBeGreaterThan(0);
    expect(provisions.length, name).toBeGreaterThan(0);
    for (const provision of provisions) expect(of, name).toContain(provision.of);
  }
});

test('what is asked for by rate says over which window', () => {
  for (const { name, provisions } of CATALOGUE) {
    for (const { query } of provisions) if (/rate\(/.test(query)) expect(query, name).toContain('[$window]');
  }
});

test('an operator’s metric comes beside those of the catalogue, or in place of one', () => {
  const load = { name: 'load', description: 'd', unit: '1', of: ['host'], bad: 'above', provisions: [] } as const;
  const table = metricTable([load, { ...load, name: 'cpu_util' }]);
  expect(table.size).toBe(CATALOGUE.length + 1);
  expect(table.get('load')).toBe(load);
  expect(table.get('cpu_util')?.unit).toBe('1');
});
