import { number, text } from '../json-schema.ts';
import type { Strategy } from '../strategy.ts';
import { GRANULARITY, period } from '../windows.ts';

export const workloadBalance: Strategy = {
  name: 'workload_balance',
  displayName: 'Workload Balance Migration Strategy',
  goal: 'workload_balancing',
  description: 'Moves an instance away from each host whose load is above a threshold.',
  parameters: {
    properties: {
      metrics: text('What load is: the use of CPUs or of memory.', {
        choice: ['instance_cpu_usage', 'instance_ram_usage'],
        default: 'instance_cpu_usage',
      }),
      threshold: number('The load above which a host gives away and above which it takes nothing, in per cent.', {
        default: 25.0,
      }),
      period: period(300),
      granularity: GRANULARITY,
    },
  },
  needs: ['cpu_util', 'memory_used'],
  plan: null,
};
