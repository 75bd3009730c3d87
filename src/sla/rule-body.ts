import { checkTree } from '../config/check.ts';
import { isTree, schemaNode } from '../config/json-schema.ts';
import { Origins } from '../config/origins.ts';
import { formatProblem } from '../config/problems.ts';
import { VigilError } from '../errors.ts';
import { type Metrics, ruleProblems } from './read-rule.ts';
import { RULE, type RuleText } from './rule-schema.ts';

const SCHEMA = schemaNode(RULE);
const ORIGIN = 'the rule sent';

/** A rule as a client sent it, with defaults filled in. @throws VigilError that lists everything that is wrong */
export function readRuleBody(body: unknown, metrics: Metrics): RuleText {
  if (!isTree(body)) throw new VigilError('bad-request', { problem: 'a rule is expected, as a JSON object' });
  const tree = structuredClone(body);
  const malformed = checkTree(tree, SCHEMA, new Origins());
  const problems = malformed.length > 0 ? malformed : ruleProblems(tree as unknown as RuleText, metrics);
  if (problems.length === 0) return tree as unknown as RuleText;
  throw new VigilError('rule-invalid', {
    problems: problems.map(({ path, text }) => formatProblem({ origin: ORIGIN, path, text })).join('\n'),
  });
}
