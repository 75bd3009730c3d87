import { styleText } from 'node:util';
import type { Fields } from '../client/fields.ts';
import { describeAction } from './plan-progress.ts';
import { printable } from './printable.ts';

/** What is read of an answer of /plans/{uuid}. */
export interface ExplainedPlan extends Fields {
  readonly uuid: string;
  readonly state: string;
  readonly status_message: string | null;
  readonly goal: string;
  readonly strategy: string;
  readonly audit: { readonly name: string } | null;
  readonly trigger: { readonly rule: string; readonly metric: string; readonly resources: readonly string[] } | null;
  readonly started_by: string | null;
  readonly efficacy_indicators: readonly Indicator[];
  readonly global_efficacy: readonly Indicator[];
  readonly actions: readonly ExplainedAction[];
  readonly rejected: readonly { readonly candidate: string; readonly code: string; readonly text: string }[];
  readonly rejected_count: number;
  readonly history: readonly {
    readonly to: string;
    readonly at: string;
    readonly reason: string;
    readonly by: string;
  }[];
}

interface Indicator {
  readonly name: string;
  readonly value: number;
  readonly unit: string | null;
}

interface ExplainedAction {
  readonly type: string;
  readonly state: string;
  readonly status_message: string | null;
  readonly reason: string;
  readonly input: Fields;
}

/** A plan in words: what it answers, what is done and why, what was not and why, and how it came about. */
export function explainPlan(plan: ExplainedPlan): string[] {
  const { trigger, status_message: message } = plan;
  const lines = [
    `${styleText('bold', `plan ${plan.uuid}`)}: ${plan.state}${message === null ? '' : `, ${printable(message)}`}`,
    `made by the strategy ${plan.strategy} for the goal ${plan.goal}${plan.audit === null ? '' : `, audit ${printable(plan.audit.name)}`}`,
  ];
  if (trigger !== null) {
    lines.push(
      `it answers a breach of ${printable(trigger.rule)}: ${printable(trigger.metric)} of ${printable(trigger.resources.join(', '))}`,
    );
  }
  if (plan.started_by !== null) lines.push(`started by ${printable(plan.started_by)}`);
  const indicators = new Map(
    [...plan.global_efficacy, ...plan.efficacy_indicators].map(({ name, value, unit }) => [
      name,
      `${printable(name)}: ${Math.round(value * 10) / 10}${unit === null ? '' : ` ${printable(unit)}`}`,
    ]),
  );
  lines.push(...section('Efficacy', [...indicators.values()]));
  lines.push(
    ...section(
      'Actions',
      plan.actions.flatMap(({ type, input, reason, ...action }) => [
        describeAction({ ...action, action_type: type, input_parameters: input }),
        ...(reason === '' ? [] : [`          why: ${printable(reason)}`]),
      ]),
    ),
  );
  const more = plan.rejected_count - plan.rejected.length;
  lines.push(
    ...section('Not done', [
      ...plan.rejected.map(({ candidate, text }) => `${printable(candidate)}: ${printable(text)}`),
      ...(more > 0 ? [`… and ${more} more`] : []),
    ]),
  );
  lines.push(
    ...section(
      'History',
      plan.history.map(({ at, to, reason, by }) => `${at}  ${to.padEnd(11)} ${printable(reason)} (${printable(by)})`),
    ),
  );
  return lines;
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', styleText('bold', title), ...lines.map((line) => `  ${line}`)];
}
