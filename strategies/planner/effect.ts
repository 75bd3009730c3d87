import type { Fork } from '../../model/fork.ts';
import type { ActionType } from '../action.ts';
import type { ProposedAction } from '../strategy.ts';
import { moveOf, serviceHostOf } from './inputs.ts';

/** What each type of action leaves behind in the model, as far as that can be foreseen. */
const EFFECTS: { readonly [Type in ActionType]: (fork: Fork, action: ProposedAction) => void } = {
  migrate: (fork, action) => {
    const move = moveOf(action);
    if (move !== null && move.to !== null) fork.move(move.uuid, move.to);
  },
  stop: (fork, { input }) => fork.setState(String(input.resource_id), 'stopped'),
  start: (fork, { input }) => fork.setState(String(input.resource_id), 'active'),
  // To which host and flavor is nova's choice.
  resize: () => undefined,
  change_nova_service_state: (fork, { input }) => {
    const reason = typeof input.disabled_reason === 'string' ? input.disabled_reason : null;
    fork.setService(serviceHostOf(input), input.state === 'disabled', reason);
  },
  nop: () => undefined,
  sleep: () => undefined,
};

/** Makes a what-if of what it will be once the action is done. */
export function apply(fork: Fork, action: ProposedAction): void {
  EFFECTS[action.type](fork, action);
}
