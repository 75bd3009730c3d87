import { describe, expect, it } from 'vitest';
import { CATALOGUE } from '../../../../model/metrics/catalogue.ts';
import { metersOf, samplesOf } from '../../../../streams/metrics/sources/ceilometer.ts';
import { oslo, published } from './ceilometer-messages.ts';

const meters = metersOf(CATALOGUE);
const TIME = Date.parse('2026-11-25T21:00:00Z') / 1_000;

describe('a message of Ceilometer', () => {
  it('as it publishes samples is read by the catalogue’s meters', () => {
    const body = oslo('metering', [published('memory.usage', 'uuid-1', 512), published('cpu', 'uuid-1', 7e9)]);
    const read = samplesOf(body, meters);
    expect(read).toMatchObject([
      { metric: 'memory_used', labels: { resource_id: 'uuid-1' }, value: 512, time: TIME },
      { metric: 'cpu_util', value: 7e9, provision: { counter: true, perVcpu: true } },
    ]);
  });

  it('as an agent polls samples is read the same', () => {
    const { counter_name: name, counter_volume: volume, resource_id, timestamp } = published('memory.usage', 'u', 5);
    const body = oslo('telemetry.polling', { samples: [{ name, volume, resource_id, timestamp }] });
    expect(samplesOf(body, meters)).toMatchObject([{ metric: 'memory_used', labels: { resource_id: 'u' }, value: 5 }]);
  });

  it('of a meter that no metric is provided by keeps its name, so that it is refused by it', () => {
    const body = oslo('metering', [published('image.size', 'i', 1)]);
    expect(samplesOf(body, meters)).toMatchObject([{ metric: 'image.size' }]);
  });

  it.each([
    ['no list', 7],
    ['a list of other things', [7]],
    ['a sample without a resource', [{ counter_name: 'cpu', counter_volume: 1, timestamp: '' }]],
  ])('with %s is refused as a whole', (_, payload) => {
    expect(() => samplesOf(oslo('metering', payload), meters)).toThrow();
  });
});
