import type { Instance } from '../../model/instance.ts';
import type { View } from '../../model/view.ts';
import type { ActionType } from '../action.ts';
import { MoveCheck } from '../constraints/may-move.ts';
import { find, inWords } from '../constraints/reason.ts';
import { inFlight, isLocked } from '../constraints/rules/instance.ts';
import { forbidden, type Rejected, reject } from '../rejected.ts';
import type { ProposedAction } from '../strategy.ts';
import { refusals } from '../targets.ts';
import { type MoveInput, moveOf, serviceHostOf } from './inputs.ts';

/** Why an action cannot be carried out in the state a view shows; null when it can. */
export function whyNot(view: View, action: ProposedAction): Rejected | null {
  return CHECKS[action.type](view, action);
}

type Check = (view: View, action: ProposedAction) => Rejected | null;

/** Of which vm_state nova lets each begin, with no task under way. Source: nova/compute/api.py. */
const POSSIBLE = { stop: ['active', 'error'], start: ['stopped'], resize: ['active', 'stopped'] } as const;

const CHECKS: { readonly [Type in ActionType]: Check } = {
  migrate: (view, action) => {
    const move = moveOf(action);
    return move === null ? null : whyNotMove(view, move);
  },
  stop: inState('stop'),
  start: inState('start'),
  resize: inState('resize'),
  change_nova_service_state: (view, { input }) => {
    const host = serviceHostOf(input);
    if ((view.host(host)?.service ?? null) !== null) return null;
    return forbidden(host, [inWords(find('host-unknown', { host }))]);
  },
  nop: () => null,
  sleep: () => null,
};

function whyNotMove(view: View, { uuid, kind, from, to }: MoveInput): Rejected | null {
  const host = view.instance(uuid)?.place?.host ?? null;
  if (host !== null && host !== from) return reject(uuid, 'not-there', { expected: from, host });
  const check = new MoveCheck(view, uuid, kind);
  if (to !== null) {
    const { allowed, forbidden: reasons } = check.verdict(to);
    return allowed ? null : forbidden(uuid, reasons);
  }
  const reasons = check.forbidden.filter(({ code }) => code !== 'needs-nova');
  return reasons.length === 0 ? whyNowhere(view, uuid, check) : forbidden(uuid, reasons);
}

/** Nova chooses, and refuses when there is no host at all; so far as that can be told, it is told before. */
function whyNowhere(view: View, uuid: string, check: MoveCheck): Rejected | null {
  if (check.forbidden.length > 0) return null; // nova alone can tell
  for (const { name } of view.hosts()) {
    if (check.allows(name) || check.verdict(name).forbidden.every(({ code }) => code === 'needs-nova')) return null;
  }
  const names = [...view.hosts()].filter(({ service }) => service !== null).map(({ name }) => name);
  return reject(uuid, 'no-host', { reasons: refusals(check, names) });
}

function inState(type: keyof typeof POSSIBLE): Check {
  return (view, { input }) => {
    const uuid = String(input.resource_id);
    const instance = view.instance(uuid);
    if (instance === undefined) return forbidden(uuid, [inWords(find('instance-unknown', { instance: uuid }))]);
    const unknown = untold(instance).map((what) => find('unknown', { what }));
    const findings = [...unknown, ...[isLocked, inFlight].flatMap((rule) => rule({ view, instance, kind: 'cold' }))];
    if (findings.length > 0) return forbidden(uuid, findings.map(inWords));
    const { vm_state = null, task_state = null } = instance.state ?? {};
    const possible: readonly (string | null)[] = POSSIBLE[type];
    if (task_state === null && possible.includes(vm_state)) return null;
    const state = task_state === null ? String(vm_state) : `${vm_state}/${task_state}`;
    return reject(uuid, 'action-state', { type, possible: possible.join(' or '), state });
  };
}

function untold({ state, locked }: Instance): string[] {
  const what: string[] = [];
  if (state === null) what.push('in which state the instance is');
  if (locked === null) what.push('whether the instance is locked');
  return what;
}
