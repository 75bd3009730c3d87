import { describe, expect, it } from 'vitest';
import { CATALOGUE } from '../../../../model/metrics/catalogue.ts';
import { queriesFor } from '../../../../streams/metrics/queries.ts';
import { gnocchiReader } from '../../../../streams/metrics/sources/gnocchi.ts';

const query = queriesFor(CATALOGUE, ['ceilometer']).find(
  ({ metric, provision }) => metric === 'memory_used' && provision.of === 'instance',
);
if (query === undefined) throw new Error('Ceilometer provides no memory_used');
const AT = Date.parse('2026-11-25T21:11:00Z') / 1_000;
const span = { from: AT, to: AT, step: 60 };
const { signal } = new AbortController();

function gnocchi(answer: unknown) {
  const asked: (readonly [path: string, body: unknown])[] = [];
  const reader = gnocchiReader(
    'http://gnocchi',
    async (path, body) => {
      asked.push([path, body]);
      return answer;
    },
    300,
  );
  return { reader, asked };
}

describe('Gnocchi', () => {
  it('is asked once a meter for the measures of all living instances, with those that may be late', async () => {
    const { reader, asked } = gnocchi({ measures: {} });
    await reader.read(query, span, signal);
    const [[path = '', body] = []] = asked;
    const url = new URL(path, 'http://gnocchi');
    expect(url.pathname).toBe('/v1/aggregates');
    expect(Object.fromEntries(url.searchParams)).toEqual({
      start: '2026-11-25T20:56:00.000Z',
      stop: '2026-11-25T21:11:00.000Z',
      granularity: '300',
    });
    expect(body).toEqual({
      operations: '(metric memory.usage mean)',
      resource_type: 'instance',
      search: { '=': { ended_at: null } },
    });
  });

  it('is believed about measures that are complete, each at its end', async () => {
    const mean = [
      ['2026-11-25T21:00:00+00:00', 300, 512],
      ['2026-11-25T21:05:00+00:00', 300, 600],
      ['2026-11-25T21:10:00+00:00', 300, 1],
    ];
    const { reader } = gnocchi({ measures: { 'uuid-1': { 'memory.usage': { mean } } } });
    const { measurements } = await reader.read(query, span, signal);
    expect(measurements.map(({ labels, value, time }) => [labels.resource_id, value, AT - time])).toEqual([
      ['uuid-1', 512, 360],
      ['uuid-1', 600, 60],
    ]);
  });

  it.each([null, {}, { measures: { 'uuid-1': {} } }])('that answers %j is told as something else', async (answer) => {
    const { reader } = gnocchi(answer);
    await expect(reader.read(query, span, signal)).rejects.toThrow('the answer');
  });
});
