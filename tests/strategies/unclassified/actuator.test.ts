import { describe, expect, it } from 'vitest';
import { actuator } from '../../../strategies/unclassified/actuator.ts';
import { cloudOf } from '../cloud.ts';
import { solved } from '../solving.ts';

const act = (actions: readonly object[], i = {}) => solved(actuator, cloudOf({ instances: { i } }).fork(), { actions });

describe('the actuator', () => {
  it('plans what is listed, in its order', () => {
    const { actions } = act([
      { action_type: 'sleep', input_parameters: { duration: 2 } },
      { action_type: 'nop', input_parameters: { message: 'hello', fail_execute: true } },
    ]);
    expect(actions.map(({ type, input, parents }) => [type, input, parents])).toEqual([
      ['sleep', { duration: 2 }, []],
      ['nop', expect.objectContaining({ message: 'hello', fail_execute: true }), [0]],
    ]);
  });

  it('takes what an action is done to from beside its parameters', () => {
    const input_parameters = { migration_type: 'live', source_node: 'here', destination_node: 'there' };
    const { actions } = act([{ action_type: 'migrate', resource_id: 'i', input_parameters }]);
    expect(actions.map(({ input }) => input.resource_id)).toEqual(['i']);
  });

  it('rejects what the rules of the cloud forbid, and says why', () => {
    const { actions, rejected } = act([{ action_type: 'stop', resource_id: 'i', input_parameters: {} }], {
      locked: { locked: true, reason: 'mine' },
    });
    expect(actions).toEqual([]);
    expect(rejected).toEqual([{ candidate: 'i', code: 'instance-locked', text: 'The instance is locked: mine.' }]);
  });

  it.each([
    [{ action_type: 'explode', input_parameters: {} }, 'There is no action of type explode; there are migrate, stop,'],
    [{ action_type: 'toString', input_parameters: {} }, 'There is no action of type toString'],
    [{ action_type: 'sleep', input_parameters: { duration: -1 } }, 'The input of action 1 (sleep) does not fit: '],
    [{ action_type: 'nop', input_parameters: { massage: 'x' } }, 'The input of action 1 (nop) does not fit: '],
  ])('refuses a list in which %o is', (action, message) => {
    expect(() => act([action])).toThrow(message);
  });
});
