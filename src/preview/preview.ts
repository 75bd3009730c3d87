import type { LiveModel } from '../../model/live-model.ts';
import type { Totals } from '../../model/totals.ts';
import type { View } from '../../model/view.ts';
import { applyPlan } from '../../strategies/planner/planner.ts';
import { StrategyError } from '../../strategies/strategy-error.ts';
import type { Answer, AnswerFinder, Question } from '../audits/answer.ts';
import { VigilError } from '../errors.ts';

/** What would come of some audits if each was carried out before the next is looked at. Nothing is kept. */
export interface Preview {
  readonly steps: readonly Answer[];
  readonly totals: { readonly before: CloudTotals; readonly after: CloudTotals };
  /** The hosts on which something would change. */
  readonly hosts: readonly HostChange[];
}

export interface CloudTotals {
  /** Hosts with a service, of these the disabled ones, and those without instances. */
  readonly hosts: number;
  readonly disabledHosts: number;
  readonly emptyHosts: number;
  readonly instances: number;
  readonly stoppedInstances: number;
}

export interface HostChange {
  readonly host: string;
  readonly before: HostTotals;
  readonly after: HostTotals;
}

export interface HostTotals extends Totals {
  readonly disabled: boolean;
}

/** Answers one question after the other, each on a what-if in which the plans before are carried out. */
export function preview(model: LiveModel, answer: AnswerFinder, questions: readonly Question[]): Preview {
  const view = model.fork();
  const before = totalsOf(view);
  const steps = questions.map((question, i) => {
    const answered = attempt(() => answer(question, view), i + 1);
    applyPlan(view, answered.solved);
    return answered;
  });
  return { steps, totals: { before, after: totalsOf(view) }, hosts: changedHosts(model, view) };
}

function attempt<T>(work: () => T, step: number): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof StrategyError)) throw error;
    throw new VigilError('audit-unsolvable', { step, problem: error.message });
  }
}

function totalsOf(view: View): CloudTotals {
  let [hosts, disabledHosts, emptyHosts, instances, stoppedInstances] = [0, 0, 0, 0, 0];
  for (const { name, service } of view.hosts()) {
    if (service === null) continue;
    hosts += 1;
    if (service.disabled) disabledHosts += 1;
    if (view.totalsOn(name).instances === 0) emptyHosts += 1;
  }
  for (const { state } of view.instances()) {
    instances += 1;
    if (state?.vm_state === 'stopped') stoppedInstances += 1;
  }
  return { hosts, disabledHosts, emptyHosts, instances, stoppedInstances };
}

function changedHosts(model: View, view: View): HostChange[] {
  const changes: HostChange[] = [];
  for (const { name } of view.hosts()) {
    const before = hostTotals(model, name);
    const after = hostTotals(view, name);
    const keys = Object.keys(before) as (keyof HostTotals)[];
    if (keys.some((key) => before[key] !== after[key])) changes.push({ host: name, before, after });
  }
  return changes.sort((a, b) => (a.host < b.host ? -1 : 1));
}

function hostTotals(view: View, host: string): HostTotals {
  return { ...view.totalsOn(host), disabled: view.host(host)?.service?.disabled === true };
}
