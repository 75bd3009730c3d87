import { Value } from 'typebox/value';
import { VigilError } from '../../errors.ts';
import type { ScopeSpec } from '../audit.ts';
import { SCOPE_RULES, type ScopeRule } from './rules.ts';

/**
 * The rules of a scope: `[{"compute": [rule, …]}]`, or bare rules.
 *
 * @throws VigilError `audit-invalid` for anything else
 */
export function rulesOf(scope: ScopeSpec): readonly ScopeRule[] {
  const rules = scope.flatMap((part) => {
    if (typeof part !== 'object' || part === null || Array.isArray(part)) throw invalid('it must be a list of objects');
    const { compute, ...others } = part as { readonly [name: string]: unknown };
    if (compute === undefined) return [part];
    const [other] = Object.keys(others);
    if (other !== undefined) throw invalid(`${other} cannot stand beside compute`);
    if (!Array.isArray(compute)) throw invalid('compute must be a list of rules');
    return compute as unknown[];
  });
  rules.forEach((rule, i) => {
    if (Value.Check(SCOPE_RULES, [rule])) return;
    const [name = 'nothing'] = Object.keys(rule as object);
    const known = 'host_aggregates, availability_zones, compute_nodes, instances, projects, instance_metadata, exclude';
    throw invalid(`rule ${i + 1} (${name}) is not one of ${known}, or what it lists is not as they are listed`);
  });
  return rules as ScopeRule[];
}

/**
 * A scope as it is kept: bare rules are put under `compute`.
 *
 * @throws VigilError `audit-invalid` for a scope that cannot be used
 */
export function checkedScope(scope: ScopeSpec): ScopeSpec {
  const rules = rulesOf(scope);
  const included = rules.some((rule) => 'host_aggregates' in rule);
  const excluded = rules.some(
    (rule) => 'exclude' in rule && rule.exclude.some((choice) => 'host_aggregates' in choice),
  );
  if (included && excluded) throw invalid('host_aggregates cannot be both included and excluded');
  return rules.length === 0 ? [] : [{ compute: rules as unknown as ScopeSpec }];
}

function invalid(problem: string): VigilError {
  return new VigilError('audit-invalid', { field: 'scope', problem });
}
