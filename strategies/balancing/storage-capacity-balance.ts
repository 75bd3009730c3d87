import { number } from '../json-schema.ts';
import type { Strategy } from '../strategy.ts';

export const storageCapacityBalance: Strategy = {
  name: 'storage_capacity_balance',
  displayName: 'Storage Capacity Balance Strategy',
  goal: 'workload_balancing',
  description: 'Moves volumes away from storage pools that are filled above a threshold.',
  parameters: {
    properties: {
      volume_threshold: number('How far a pool may be filled, in per cent.', { default: 80.0 }),
    },
  },
  needs: [],
  plan: null,
};
