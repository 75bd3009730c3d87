import { number } from '../json-schema.ts';
import type { Strategy } from '../strategy.ts';
import { AGGREGATION_METHOD, GRANULARITY, period } from '../windows.ts';

export const basic: Strategy = {
  name: 'basic',
  displayName: 'Basic offline consolidation',
  goal: 'server_consolidation',
  description: 'Empties the hosts that are used least, one after the other, as long as the others have room.',
  parameters: {
    properties: {
      migration_attempts: number('How many instances it tries to move at most; 0 for no limit.', { default: 0 }),
      period: period(7_200),
      granularity: GRANULARITY,
      aggregation_method: AGGREGATION_METHOD,
    },
  },
  needs: ['cpu_util'],
  plan: null,
};
