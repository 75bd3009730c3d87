import { describe, expect, it } from 'vitest';
import { type CatalogEndpoint, describeStep, stepsTo } from '../../../src/registration/registration.ts';

const URL = 'http://vigil:9322';
const WANTED = { url: URL, region: 'one', interfaces: ['public', 'internal'] as const };
const SERVICE = { id: 's', name: 'watcher', enabled: true };

const endpoint = (face: string, more: Partial<CatalogEndpoint> = {}): CatalogEndpoint => ({
  ...{ id: `${face}-id`, interface: face, region: 'one', url: URL, enabled: true },
  ...more,
});

const words = (...given: Parameters<typeof stepsTo>): string[] => stepsTo(...given).map(describeStep);

describe('what the catalogue needs', () => {
  it('is everything where it knows nothing', () => {
    expect(words(WANTED, { service: null, endpoints: [] })).toEqual([
      'create the service watcher of the type infra-optim',
      'create the public endpoint in one: http://vigil:9322',
      'create the internal endpoint in one: http://vigil:9322',
    ]);
  });

  it('is nothing where it says so already', () => {
    const endpoints = [endpoint('public'), endpoint('internal')];
    expect(words(WANTED, { service: SERVICE, endpoints })).toEqual([]);
  });

  it('is another address where a Watcher was, and no change elsewhere', () => {
    const endpoints = [
      endpoint('public', { url: 'http://watcher:9322' }),
      endpoint('internal', { enabled: false }),
      endpoint('admin', { url: 'http://watcher:9322' }),
      endpoint('public', { id: 'other', region: 'two', url: 'http://watcher:9322' }),
    ];
    expect(stepsTo(WANTED, { service: { ...SERVICE, enabled: false }, endpoints })).toEqual([
      { kind: 'enable-service', id: 's' },
      expect.objectContaining({ kind: 'update-endpoint', id: 'public-id', from: 'http://watcher:9322', url: URL }),
      expect.objectContaining({ kind: 'update-endpoint', id: 'internal-id' }),
    ]);
  });
});
