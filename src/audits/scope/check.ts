import { Value } from 'typebox/value';
import { VigilError } from '../../errors.ts';
import type { ScopeSpec } from '../audit.ts';
import { type Listed, PART_NAMES, PARTS, type PartName, type ScopeRule } from './rules.ts';

/** Rules of each part, as they were given. */
type Parts = { readonly [Name in PartName]: readonly unknown[] };

/**
 * What a scope says of hosts and instances: `[{"compute": [rule, …]}]`, or bare rules.
 *
 * @throws VigilError `audit-invalid` for a scope that cannot be used, in whichever part
 */
export function computeRulesOf(scope: ScopeSpec): readonly ScopeRule[] {
  return checkedParts(scope).compute as readonly ScopeRule[];
}

/**
 * A scope as it is kept: bare rules are put under `compute`.
 *
 * @throws VigilError `audit-invalid` for a scope that cannot be used
 */
export function checkedScope(scope: ScopeSpec): ScopeSpec {
  const rules = computeRulesOf(scope);
  const included = rules.some((rule) => 'host_aggregates' in rule);
  const excluded = rules.some(
    (rule) => 'exclude' in rule && rule.exclude.some((choice) => 'host_aggregates' in choice),
  );
  if (included && excluded) throw invalid('host_aggregates cannot be both included and excluded');
  return scope.length === 0 || isOfParts(scope) ? scope : [{ compute: scope }];
}

/** Of what a scope speaks, so that it leaves out neither hosts nor instances; null when it does not, or says nothing at all. */
export function otherThanCompute(scope: ScopeSpec): readonly PartName[] | null {
  const parts = checkedParts(scope);
  const others = PART_NAMES.filter((kind) => parts[kind].length > 0);
  return others.length === 0 || others.includes('compute') ? null : others;
}

function checkedParts(scope: ScopeSpec): Parts {
  const parts = partsOf(scope);
  for (const kind of PART_NAMES) {
    parts[kind].forEach((rule, i) => {
      checkRule(rule, kind, `${kind} rule ${i + 1}`);
    });
  }
  return parts;
}

/** Rules of several parts of a kind are all its. */
function partsOf(scope: ScopeSpec): Parts {
  if (scope.some((part) => fieldsOf(part) === null)) throw invalid('it must be a list of objects');
  const parts: Record<PartName, unknown[]> = { compute: [], storage: [], baremetal: [] };
  if (!isOfParts(scope)) return { ...parts, compute: [...scope] };
  scope.forEach((part, i) => {
    const entries = Object.entries(fieldsOf(part) ?? {});
    const known = PART_NAMES.join(', ');
    if (entries.length === 0) throw invalid(`part ${i + 1} must be an object with one of ${known}`);
    for (const [kind, rules] of entries) {
      if (!isPartName(kind)) throw invalid(`part ${i + 1}: ${kind} is none of ${known}`);
      if (!Array.isArray(rules)) throw invalid(`${kind} must be a list of rules`);
      parts[kind].push(...(rules as unknown[]));
    }
  });
  return parts;
}

/** Whether rules stand under the kinds of what they are about; else they are bare. */
function isOfParts(scope: ScopeSpec): boolean {
  return scope.some((part) => Object.keys(fieldsOf(part) ?? {}).some(isPartName));
}

function isPartName(name: string): name is PartName {
  return Object.hasOwn(PARTS, name);
}

function fieldsOf(value: unknown): object | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : null;
}

type Choices = { readonly [name: string]: Listed };

function checkRule(rule: unknown, kind: PartName, where: string): void {
  const { included, excluded }: { included: Choices; excluded: Choices } = PARTS[kind];
  const { name, listed } = listOf(rule, [...Object.keys(included), 'exclude'], where);
  if (name !== 'exclude') {
    checkItems(name, included, listed, where);
    return;
  }
  for (const [i, choice] of listed.entries()) {
    const inside = `${where}, exclude ${i + 1}`;
    const chosen = listOf(choice, Object.keys(excluded), inside);
    checkItems(chosen.name, excluded, chosen.listed, inside);
  }
}

/** What a rule lists, and under which of some names. */
function listOf(rule: unknown, names: readonly string[], where: string): { name: string; listed: readonly unknown[] } {
  const [entry, second] = Object.entries(fieldsOf(rule) ?? {});
  const known = names.join(', ');
  if (entry === undefined) throw invalid(`${where} must be an object with one of ${known}`);
  const [name, listed] = entry as [string, unknown];
  if (!names.includes(name)) throw invalid(`${where}: ${name} is none of ${known}`);
  if (second !== undefined) throw invalid(`${where}: ${name} and ${second[0]} must stand in objects of their own`);
  if (!Array.isArray(listed)) throw invalid(`${where}: ${name} must be a list`);
  return { name, listed };
}

function checkItems(name: string, choices: Choices, listed: readonly unknown[], where: string): void {
  const { item, form } = choices[name] as Listed;
  const wrong = listed.findIndex((one) => !Value.Check(item, one));
  if (wrong >= 0) throw invalid(`${where}: ${name} lists ${form}, and its item ${wrong + 1} is not so`);
}

function invalid(problem: string): VigilError {
  return new VigilError('audit-invalid', { field: 'scope', problem });
}
