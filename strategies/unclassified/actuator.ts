import type { ActionType } from '../action.ts';
import type { ProposedAction, Strategy } from '../strategy.ts';

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
  exhaustive: true,
  plan: ({ parameters }) => ({
    actions: (parameters.actions as readonly Listed[]).map(proposed),
    indicators: [],
    globalEfficacy: [],
    rejected: [],
  }),
};

/** An action as people list it. */
interface Listed {
  readonly action_type: string;
  readonly resource_id?: string;
  readonly input_parameters: { readonly [name: string]: unknown };
}

/** The type is looked at with every other action, when they are planned. */
function proposed({ action_type, resource_id, input_parameters }: Listed): ProposedAction {
  const input = resource_id === undefined ? input_parameters : { ...input_parameters, resource_id };
  return { type: action_type as ActionType, input, reason: 'It was asked for.' };
}
