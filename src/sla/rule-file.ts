import type { Rule } from '../../streams/sla/rule.ts';
import { checkTree } from '../config/check.ts';
import { isTree, schemaNode, type Tree } from '../config/json-schema.ts';
import { Origins } from '../config/origins.ts';
import { formatProblem, type Problem } from '../config/problems.ts';
import { readYaml } from '../config/yaml-file.ts';
import { VigilError } from '../errors.ts';
import { type Metrics, readRule, ruleProblems } from './read-rule.ts';
import { RULE_FILE, type RuleText } from './rule-schema.ts';

const SCHEMA = schemaNode(RULE_FILE);
const ERRORS = { missing: 'rule-file-not-found', unreadable: 'rule-file-unreadable' } as const;

/** The rules of a YAML or JSON file, `{rules: [...]}`. @throws VigilError that lists everything that is wrong, line by line */
export async function readRuleFile(file: string, metrics: Metrics, directory = process.cwd()): Promise<Rule[]> {
  return (await readRuleTexts(file, metrics, directory)).map((text) => readRule(text, metrics));
}

/** The same, as they are written. */
export async function readRuleTexts(
  file: string,
  metrics: Metrics,
  directory = process.cwd(),
): Promise<readonly RuleText[]> {
  const origins = new Origins();
  const tree = await readYaml(file, directory, origins, ERRORS);
  const malformed = Object.hasOwn(tree, 'rules') ? checkTree(tree, SCHEMA, origins) : [withoutRules(tree, file)];
  if (malformed.some(({ path }) => path.length < 2)) throw invalid(malformed, tree.rules);
  const { rules } = tree as unknown as { readonly rules: readonly RuleText[] };
  const unreadable = new Set(malformed.map(({ path }) => path[1]));
  const meant = rules.flatMap((text, i) => (unreadable.has(i) ? [] : problemsOf(text, i, metrics, origins)));
  const problems = [...malformed, ...meant, ...twice(rules, origins)];
  if (problems.length > 0) throw invalid(problems.sort(byPlace), rules);
  return rules;
}

function byPlace(a: Problem, b: Problem): number {
  return Number(a.path[1]) - Number(b.path[1]);
}

function withoutRules(tree: Tree, file: string): Problem {
  const found = Object.keys(tree).join(', ') || 'nothing';
  return { origin: file, path: ['rules'], text: `is missing: a rule file is {rules: [...]}, this one has ${found}` };
}

function problemsOf(text: RuleText, i: number, metrics: Metrics, origins: Origins): Problem[] {
  return ruleProblems(text, metrics).map((problem) => {
    const path = ['rules', i, ...problem.path];
    return { origin: origins.of(path), path, text: problem.text };
  });
}

function twice(rules: readonly RuleText[], origins: Origins): Problem[] {
  const seen = new Map<string, number>();
  return rules.flatMap((rule, i) => {
    const name = isTree(rule) && typeof rule.name === 'string' ? rule.name : null;
    const first = name === null ? undefined : seen.get(name);
    if (name !== null && first === undefined) seen.set(name, i);
    if (first === undefined) return [];
    const path = ['rules', i, 'name'];
    return [{ origin: origins.of(path), path, text: `is ${name}, as that of rules[${first}] is` }];
  });
}

/** Rules are named by their names as well as by their places. */
function invalid(problems: readonly Problem[], rules: unknown): VigilError {
  const lines = problems.map((problem) => {
    const rule: unknown = Array.isArray(rules) ? rules[Number(problem.path[1])] : undefined;
    const name = isTree(rule) && typeof rule.name === 'string' ? `, of rule ${rule.name},` : '';
    return formatProblem({ ...problem, text: `${name} ${problem.text}`.trim() }).replace(' ,', ',');
  });
  return new VigilError('rule-invalid', { problems: lines.join('\n') });
}
