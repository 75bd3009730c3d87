import { number } from '../json-schema.ts';
import type { Strategy } from '../strategy.ts';

export const noisyNeighbor: Strategy = {
  name: 'noisy_neighbor',
  displayName: 'Noisy Neighbor',
  goal: 'noisy_neighbor',
  description: 'Moves an instance of low priority whose neighbour of high priority lost its share of the L3 cache.',
  parameters: {
    properties: {
      cache_threshold: number('The loss of L3 cache from which it acts, in per cent.', { default: 35.0 }),
      period: number('Over how many seconds the metric is averaged.', { default: 100.0 }),
    },
  },
  needs: ['cache_misses'],
  plan: null,
};
