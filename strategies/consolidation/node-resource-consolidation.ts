import { text } from '../json-schema.ts';
import type { Strategy } from '../strategy.ts';

export const nodeResourceConsolidation: Strategy = {
  name: 'node_resource_consolidation',
  displayName: 'Node Resource Consolidation strategy',
  goal: 'server_consolidation',
  description: 'Empties hosts by what instances are promised, without metrics.',
  parameters: {
    properties: {
      host_choice: text('Who chooses the new host: auto for nova, specify for the strategy.', { default: 'auto' }),
    },
  },
  needs: [],
  plan: null,
};
