import type { Strategy } from '../strategy.ts';

/** What is done is what the one who starts the audit lists, checked like what any other strategy proposes. */
export const actuator: Strategy = {
  name: 'actuator',
  displayName: 'Actuator',
  goal: 'unclassified',
  description: 'Plans the actions it is given, in their order, as far as the rules of the cloud admit them.',
  parameters: {
    $schema: 'http://json-schema.org/draft-04/schema#',
    type: 'object',
    properties: {
      actions: {
        type: 'array',
        description: 'What is to be done.',
        items: {
          type: 'object',
          properties: {
            action_type: { type: 'string', description: 'The kind of action.' },
            resource_id: { type: 'string', description: 'The instance or host it is done to.' },
            input_parameters: {
              type: 'object',
              description: 'What the kind of action has to be told.',
              properties: {},
              additionalProperties: true,
            },
          },
          required: ['action_type', 'input_parameters'],
          additionalProperties: true,
        },
      },
    },
    required: ['actions'],
  },
  needs: [],
  plan: null,
};
