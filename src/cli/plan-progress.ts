import { setTimeout as pause } from 'node:timers/promises';
import { ACTION_PLANS, ACTIONS } from '../client/collections.ts';
import type { Fields } from '../client/fields.ts';
import type { Optimizer } from '../client/optimizer.ts';
import { printable } from './printable.ts';

const POLL_MILLIS = 500;
const ENDED = new Set(['SUCCEEDED', 'FAILED', 'CANCELLED', 'SUPERSEDED', 'DELETED']);

/** Tells of every action of a plan as its state changes, until the plan has ended; returns the plan as it ended. */
export async function followPlan(optimizer: Optimizer, uuid: string, tell: (line: string) => void): Promise<Fields> {
  const told = new Map<unknown, unknown>();
  for (;;) {
    const plan = await optimizer.show(ACTION_PLANS.path, uuid);
    const actions = await optimizer.list(ACTIONS.path, { action_plan_uuid: uuid });
    for (const [i, action] of actions.entries()) {
      if (told.get(action.uuid) === action.state || (action.state === 'PENDING' && !told.has(action.uuid))) continue;
      told.set(action.uuid, action.state);
      tell(`[${i + 1}/${actions.length}] ${describeAction(action)}`);
    }
    if (ENDED.has(String(plan.state))) return plan;
    await pause(POLL_MILLIS);
  }
}

/** An action in one line: its state, what it does to what, and what came of it. */
export function describeAction({
  action_type: type,
  state,
  input_parameters: input,
  status_message: message,
}: Fields): string {
  const { resource_name: name, resource_id: id, source_node: from, destination_node: to } = (input ?? {}) as Fields;
  const subject = name ?? id;
  const way = from === undefined ? '' : ` ${printable(from)} -> ${printable(to ?? 'any host')}`;
  const outcome = message == null ? '' : `: ${printable(message)}`;
  return `${String(state).padEnd(9)} ${printable(type)}${subject == null ? '' : ` ${printable(subject)}`}${way}${outcome}`;
}
