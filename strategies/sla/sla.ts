import { integer, number, text } from '../json-schema.ts';
import type { Strategy } from '../strategy.ts';

/** The strategy behind the rules: whatever the metric, find who suffers and who causes it, and part them. */
export const sla: Strategy = {
  name: 'sla',
  displayName: 'SLA by metric',
  goal: 'sla',
  description:
    'Finds the instances that get less than a rule promises and the neighbour that takes it, and parts them.',
  parameters: {
    type: 'object',
    properties: {
      metric: text('What the victims suffer from; left out, the metric of the breach that started the audit.', {
        minLength: 1,
      }),
      threshold: number('From which value on an instance is a victim; left out, those that are breached are.'),
      window: integer('Over how many seconds metrics are compared.', { default: 300, minimum: 10, maximum: 86_400 }),
      minimum_gain: number('By how much the demand on the host of the victims has to sink at least, in per cent.', {
        default: 10,
        minimum: 0,
        maximum: 100,
      }),
      cooldown: integer('For how many seconds an instance that was moved is left where it is.', {
        default: 900,
        minimum: 0,
        maximum: 604_800,
      }),
      max_moves: integer('How many instances are moved at most.', { default: 5, minimum: 1, maximum: 1_000 }),
    },
    additionalProperties: false,
  },
  needs: [],
  plan: null,
};
