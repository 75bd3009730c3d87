import type { JsonSchema } from '../json-schema.ts';
import { REJECTIONS } from '../rejected.ts';
import type { Strategy } from '../strategy.ts';
import { STRATEGY_ERRORS } from '../strategy-error.ts';
import { ACTIONS } from './actions.ts';
import { GOALS } from './goals.ts';
import { STRATEGIES } from './strategies.ts';

/** Every strategy by one template, as Markdown, for docs/strategies.md. */
export function strategySections(): string {
  return STRATEGIES.map(section).join('\n\n');
}

/** Every goal with its indicators, as a Markdown table. */
export function goalTable(): string {
  const rows = GOALS.map(({ name, description, efficacy }) => {
    const served = STRATEGIES.filter(({ goal }) => goal === name).map((strategy) => `\`${strategy.name}\``);
    const indicators = efficacy.map((indicator) => `\`${indicator.name}\``).join(', ');
    return `| \`${name}\` | ${description} | ${served.join(', ')} | ${indicators === '' ? 'none' : indicators} |`;
  });
  return ['| Goal | What for | Strategies | Indicators |', '|---|---|---|---|', ...rows].join('\n');
}

/** Every kind of action with its parameters, as a Markdown table. */
export function actionTable(): string {
  const rows = Object.values(ACTIONS).map(({ type, description, weight, parallel, input }) => {
    const names = Object.keys((input as JsonSchema).properties as object).map((name) => `\`${name}\``);
    return `| \`${type}\` | ${description} | ${names.join(', ')} | ${weight} | ${parallel ? 'yes' : 'no'} |`;
  });
  const head = ['| Action | What it does | Parameters | Weight | Several at once |', '|---|---|---|---|---|'];
  return [...head, ...rows].join('\n');
}

/** Why something is not done, by code, as a Markdown table; the rules of the cloud have their own. */
export function rejectionTable(): string {
  const rows = Object.entries({ ...REJECTIONS, ...STRATEGY_ERRORS }).map(([code, text]) => `| \`${code}\` | ${text} |`);
  return ['| Code | What it says |', '|---|---|', ...rows].join('\n');
}

function section({ name, displayName, goal, description, parameters, needs, plan }: Strategy): string {
  const lines = [
    `### \`${name}\``,
    '',
    `${displayName}, for the goal \`${goal}\`. ${description}`,
    '',
    `- **State**: ${plan === null ? 'known by name only; an audit of it fails and says so' : 'works'}`,
    `- **Metrics**: ${needs.length === 0 ? 'none of its own' : needs.map((metric) => `\`${metric}\``).join(', ')}`,
  ];
  const table = parameterTable(parameters);
  if (table.length > 0) lines.push('', ...table);
  return lines.join('\n');
}

function parameterTable(schema: JsonSchema): string[] {
  const all = Object.entries((schema.properties ?? {}) as { readonly [name: string]: JsonSchema });
  if (all.length === 0) return [];
  const required = (schema.required ?? []) as readonly string[];
  const rows = all.map(([name, parameter]) => {
    const { type = 'any', default: preset, minimum, maximum, description = '' } = parameter;
    const bounds = [
      ...(minimum === undefined ? [] : [`from ${minimum}`]),
      ...(maximum === undefined ? [] : [`to ${maximum}`]),
    ];
    const shown = preset === undefined ? (required.includes(name) ? 'has to be given' : '') : code(preset);
    return `| \`${name}\` | ${[type, ...bounds].join(' ')} | ${shown} | ${description} |`;
  });
  return ['| Parameter | Type | Default | Meaning |', '|---|---|---|---|', ...rows];
}

function code(value: unknown): string {
  return `\`${JSON.stringify(value)}\``;
}
