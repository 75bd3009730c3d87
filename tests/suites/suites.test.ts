import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';

describe.each(['headers', 'open', 'keystone'])('the configuration for suites whose callers use %s', (kind) => {
  it('reads emulators, keeps nothing, and lists what Watcher has', async () => {
    const { config } = await loadConfig({ file: `tests/suites/${kind}.yaml` });
    expect(config).toMatchObject({
      listen: { host: '127.0.0.1', port: 9322 },
      identity: { kind },
      store: { kind: 'embedded', temporary: true },
      sources: [],
      openstack: {
        endpoints: { compute: 'http://127.0.0.1:18774/v2.1', placement: 'http://127.0.0.1:18778' },
      },
      reconcile: { interval: 2 },
      api: { own_goals: false },
      engine: { execution_rule: 'always', maintenance_moves_excluded: true },
    });
    expect(config.openstack?.auth).toBeUndefined();
  });
});
