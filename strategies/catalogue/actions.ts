import type { ActionKind, ActionType } from '../action.ts';
import { flag, type JsonSchema, number, text } from '../json-schema.ts';

/** Of an object that has these parameters and no others. */
function input(properties: { readonly [name: string]: JsonSchema }, required: readonly string[]): JsonSchema {
  return { type: 'object', properties, required, additionalProperties: false };
}

const INSTANCE = text('Uuid of the instance.', { minLength: 1 });
const NAME = { type: ['string', 'null'], description: 'What people call it; only shown.' };
const LONGEST_REASON = 255;

/** Every kind of action, by type. */
export const ACTIONS = {
  migrate: {
    type: 'migrate',
    description: 'Moves an instance to another host.',
    input: input(
      {
        migration_type: text('While it runs, or stopped in between.', { enum: ['live', 'cold'] }),
        source_node: text('The host it is on.', { minLength: 1 }),
        destination_node: {
          type: ['string', 'null'],
          minLength: 1,
          description: 'The host it is moved to; left out, nova chooses.',
        },
        resource_id: INSTANCE,
        resource_name: NAME,
      },
      ['migration_type', 'source_node', 'resource_id'],
    ),
    weight: 30,
    parallel: true,
  },
  stop: {
    type: 'stop',
    description: 'Shuts an instance down.',
    input: input({ resource_id: INSTANCE, resource_name: NAME }, ['resource_id']),
    weight: 25,
    parallel: true,
  },
  start: {
    type: 'start',
    description: 'Starts an instance that is shut down.',
    input: input({ resource_id: INSTANCE, resource_name: NAME }, ['resource_id']),
    weight: 22,
    parallel: true,
  },
  resize: {
    type: 'resize',
    description: 'Gives an instance another flavor; nova chooses its host.',
    input: input(
      { flavor: text('Name or id of the flavor.', { minLength: 1 }), resource_id: INSTANCE, resource_name: NAME },
      ['flavor', 'resource_id'],
    ),
    weight: 20,
    parallel: false,
  },
  change_nova_service_state: {
    type: 'change_nova_service_state',
    description: 'Lets nova place instances on a host, or no longer.',
    input: input(
      {
        resource_id: text('Name of the host, or beside its name the uuid of its node.', { minLength: 1 }),
        resource_name: NAME,
        state: text('Whether nova may place instances there.', { enum: ['enabled', 'disabled'] }),
        disabled_reason: {
          type: ['string', 'null'],
          maxLength: LONGEST_REASON,
          description: 'Shown by nova beside the disabled service.',
        },
      },
      ['resource_id', 'state'],
    ),
    weight: 50,
    parallel: false,
  },
  nop: {
    type: 'nop',
    description: 'Writes a message to the log.',
    input: input(
      {
        message: { type: ['string', 'null'], description: 'What is written.' },
        resource_id: text('Not looked at.'),
        fail_pre_condition: flag('Fail before it is carried out, to see what happens then.', { default: false }),
        skip_pre_condition: flag('Be skipped, to see what happens then.', { default: false }),
        fail_execute: flag('Fail while it is carried out, to see what happens then.', { default: false }),
        fail_post_condition: flag('Fail once it was carried out, to see what happens then.', { default: false }),
      },
      [],
    ),
    weight: 70,
    parallel: false,
  },
  sleep: {
    type: 'sleep',
    description: 'Waits.',
    input: input({ duration: number('For how many seconds.', { minimum: 0 }), resource_id: text('Not looked at.') }, [
      'duration',
    ]),
    weight: 40,
    parallel: false,
  },
} as const satisfies { readonly [Type in ActionType]: ActionKind & { readonly type: Type } };
