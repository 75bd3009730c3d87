import { number } from '../json-schema.ts';
import type { Strategy } from '../strategy.ts';

export const savingEnergy: Strategy = {
  name: 'saving_energy',
  displayName: 'Saving Energy Strategy',
  goal: 'saving_energy',
  description: 'Switches hosts without instances off, and keeps some on for what may come.',
  parameters: {
    properties: {
      free_used_percent: number('How many empty hosts are kept on, in per cent of those with instances.', {
        default: 10.0,
      }),
      min_free_hosts_num: number('How many empty hosts are kept on at least.', { default: 1 }),
    },
  },
  needs: [],
  plan: null,
};
