import { Value } from 'typebox/value';
import { VigilError } from '../../errors.ts';
import type { ScopeSpec } from '../audit.ts';
import { CHOICES, type ChoiceName, type ScopeRule } from './rules.ts';

/** Of Watcher's audits of other things. */
const OF_OTHERS = ['storage', 'baremetal'];

/**
 * The rules of a scope: `[{"compute": [rule, …]}]`, or bare rules.
 *
 * @throws VigilError `audit-invalid` for anything else
 */
export function rulesOf(scope: ScopeSpec): readonly ScopeRule[] {
  const rules = scope.flatMap((part) => {
    if (typeof part !== 'object' || part === null || Array.isArray(part)) throw invalid('it must be a list of objects');
    const { compute, ...others } = part as { readonly [name: string]: unknown };
    const foreign = OF_OTHERS.find((kind) => kind in others);
    if (foreign !== undefined)
      throw invalid(`${foreign} is for audits of other things than instances and hosts, which are not made here`);
    if (compute === undefined) return [part];
    const [other] = Object.keys(others);
    if (other !== undefined) throw invalid(`${other} cannot stand beside compute`);
    if (!Array.isArray(compute)) throw invalid('compute must be a list of rules');
    return compute as unknown[];
  });
  rules.forEach((rule, i) => {
    checkRule(rule, `rule ${i + 1}`);
  });
  return rules as ScopeRule[];
}

const CHOICE_NAMES = Object.keys(CHOICES);

function checkRule(rule: unknown, where: string): void {
  const { name, listed } = listOf(rule, [...CHOICE_NAMES, 'exclude'], where);
  if (name !== 'exclude') {
    checkItems(name as ChoiceName, listed, where);
    return;
  }
  for (const [i, choice] of listed.entries()) {
    const inside = `${where}, exclude ${i + 1}`;
    const chosen = listOf(choice, CHOICE_NAMES, inside);
    checkItems(chosen.name as ChoiceName, chosen.listed, inside);
  }
}

/** What a rule lists, and under which of some names. */
function listOf(rule: unknown, names: readonly string[], where: string): { name: string; listed: readonly unknown[] } {
  const entries = typeof rule === 'object' && rule !== null && !Array.isArray(rule) ? Object.entries(rule) : [];
  const [entry, second] = entries;
  const known = names.join(', ');
  if (entry === undefined) throw invalid(`${where} must be an object with one of ${known}`);
  const [name, listed] = entry;
  if (!names.includes(name)) throw invalid(`${where}: ${name} is none of ${known}`);
  if (second !== undefined) throw invalid(`${where}: ${name} and ${second[0]} must stand in objects of their own`);
  if (!Array.isArray(listed)) throw invalid(`${where}: ${name} must be a list`);
  return { name, listed };
}

function checkItems(name: ChoiceName, listed: readonly unknown[], where: string): void {
  const { item, form } = CHOICES[name];
  const wrong = listed.findIndex((one) => !Value.Check(item, one));
  if (wrong >= 0) throw invalid(`${where}: ${name} lists ${form}, and its item ${wrong + 1} is not so`);
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
