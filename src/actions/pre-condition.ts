import type { View } from '../../model/view.ts';
import { whyNot } from '../../strategies/planner/feasible.ts';
import { serviceHostOf } from '../../strategies/planner/inputs.ts';
import type { Action } from '../audits/action.ts';
import type { ActionContext, ActionTools, ReadTarget } from './tools.ts';

/** Why an action is not carried out now, by the model read anew and the rules of the cloud; null when it may be. */
export async function whyNotNow(
  action: Action,
  { model, read }: ActionTools,
  { automatic }: ActionContext,
): Promise<{ readonly unread: string } | { readonly impossible: string } | null> {
  const hosts = hostsOf(action);
  const targets: ReadTarget[] = hosts.map((id) => ({ kind: 'host', id }));
  if (action.actionType !== 'change_nova_service_state') {
    targets.push({ kind: 'instance', id: String(action.inputParameters.resource_id) });
  }
  const problems = await Promise.all(targets.map(read));
  const unread = problems.find((problem) => problem !== null);
  if (unread != null) return { unread };
  const { actionType: type, inputParameters: input, reason } = action;
  const rejected = whyNot(model, { type, input, reason });
  if (rejected !== null) return { impossible: rejected.text };
  const conflicts = automatic ? hosts.map((host) => conflictOn(model, host)).filter((text) => text !== null) : [];
  return conflicts.length === 0 ? null : { impossible: conflicts.join(' ') };
}

function hostsOf({ actionType, inputParameters: input }: Action): string[] {
  if (actionType === 'change_nova_service_state') return [serviceHostOf(input)];
  return [input.source_node, input.destination_node].filter((name) => typeof name === 'string');
}

/**
 * What placement and nova contradict each other about on a host. Claims that nobody uses only cost room; instances that
 * nobody claimed room for are what over-commits a host.
 */
function conflictOn(view: View, name: string): string | null {
  const host = view.host(name);
  const told = (host?.nodes ?? []).map(({ claims }) => claims);
  if (told.length === 0 || told.some((claims) => claims === null)) return null;
  const claimed = told.reduce((sum, claims) => sum + (claims?.consumers ?? 0), 0);
  const running = [...view.instancesOn(name)].filter(({ state }) => state?.task_state === null).length;
  if (running <= claimed) return null;
  return `Claims conflict on ${name}: ${running} instances run there and placement knows of ${claimed} consumers; heal the allocations (nova-manage placement heal_allocations).`;
}
