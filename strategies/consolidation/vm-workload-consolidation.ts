import type { Strategy } from '../strategy.ts';
import { GRANULARITY, period } from '../windows.ts';

export const vmWorkloadConsolidation: Strategy = {
  name: 'vm_workload_consolidation',
  displayName: 'VM Workload Consolidation Strategy',
  goal: 'server_consolidation',
  description: 'Relieves hosts that are used too much, then packs instances by what they really use.',
  parameters: { properties: { period: period(3_600), granularity: GRANULARITY } },
  needs: ['cpu_util', 'memory_used'],
  plan: null,
};
