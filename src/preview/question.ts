import type { Question } from '../audits/answer.ts';
import type { Parameters, ScopeSpec } from '../audits/audit.ts';
import { goalNamed, strategyNamed } from '../audits/catalogue.ts';
import { checkedScope } from '../audits/scope/check.ts';
import type { TemplateService } from '../audits/template-service.ts';
import { VigilError } from '../errors.ts';

/** An audit as people ask for it in a preview. */
export interface Asked {
  readonly goal?: string;
  readonly strategy?: string;
  readonly audit_template?: string;
  readonly parameters?: Parameters;
  readonly scope?: ScopeSpec;
  readonly trigger?: { readonly metric: string; readonly resources: readonly string[] };
}

/** What would be asked of the cloud. @throws VigilError when something of it is not valid, or names nothing */
export function questionOf(asked: Asked, templates: TemplateService): Question {
  const template = asked.audit_template === undefined ? null : templates.find(asked.audit_template);
  const name = asked.strategy ?? template?.strategy ?? null;
  const strategy = name === null ? null : strategyNamed(name);
  const goal = asked.goal ?? template?.goal ?? strategy?.goal;
  if (goal === undefined)
    throw new VigilError('audit-invalid', { field: 'goal', problem: 'give a goal, a strategy or an audit template' });
  if (strategy !== null && strategy.goal !== goalNamed(goal).name) {
    const problem = `${strategy.name} serves the goal ${strategy.goal}, not ${goal}`;
    throw new VigilError('audit-invalid', { field: 'strategy', problem });
  }
  return {
    goal: goalNamed(goal).name,
    strategy: strategy?.name ?? null,
    parameters: { ...template?.defaultParameters, ...asked.parameters },
    scope: checkedScope(asked.scope ?? template?.scope ?? []),
    trigger: asked.trigger === undefined ? null : { rule: 'preview', severity: 'info', ...asked.trigger },
  };
}
