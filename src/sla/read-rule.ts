import type { Metric } from '../../model/metrics/metric.ts';
import { GOALS } from '../../strategies/catalogue/goals.ts';
import { STRATEGIES } from '../../strategies/catalogue/strategies.ts';
import type { Strategy } from '../../strategies/strategy.ts';
import { formatDuration, parseDuration } from '../../streams/sla/duration.ts';
import type { Rule, RuleAudit, Where } from '../../streams/sla/rule.ts';
import { parseStatistic } from '../../streams/sla/statistic.ts';
import type { Parameters } from '../audits/audit.ts';
import { withDefaults } from '../audits/parameters.ts';
import type { Path } from '../config/json-schema.ts';
import { VigilError } from '../errors.ts';
import { nearest } from '../nearest.ts';
import type { RuleText } from './rule-schema.ts';

/** Metrics by name: the catalogue and the operator's own. */
export type Metrics = ReadonlyMap<string, Metric>;

export interface RuleProblem {
  readonly path: Path;
  readonly text: string;
}

const SECONDS_PER_HOUR = 3_600;
const LONGEST_WINDOW = 86_400;
const LONGEST_OBJECTIVE = 90 * 86_400;
const PERCENT = 100;

/** What is wrong with a rule that its schema allows. */
export function ruleProblems(text: RuleText, metrics: Metrics): RuleProblem[] {
  return [...metricProblems(text, metrics), ...thresholdProblems(text), ...timeProblems(text), ...auditProblems(text)];
}

/** The rule that a text without problems means. */
export function readRule(text: RuleText, metrics: Metrics): Rule {
  const { above, below } = text;
  const threshold = above ?? below ?? Number.NaN;
  return {
    name: text.name,
    metric: text.metric,
    of: text.of ?? metrics.get(text.metric)?.of[0] ?? 'instance',
    where: readWhere(text.where),
    window: parseDuration(text.window),
    statistic: parseStatistic(text.statistic),
    bad: above === undefined ? 'below' : 'above',
    threshold,
    clear: text.clear ?? threshold,
    hold: parseDuration(text.hold),
    cooldown: parseDuration(text.cooldown),
    severity: text.severity,
    audit: text.audit === undefined ? null : readAudit(text.audit),
    objective:
      text.objective === undefined
        ? null
        : {
            target: text.objective.target / PERCENT,
            period: parseDuration(text.objective.period),
            per: text.objective.per,
          },
  };
}

function readWhere({ metadata, ...named }: RuleText['where']): Where {
  const lists = Object.entries(named).map(([key, value]) => [key, typeof value === 'string' ? [value] : value]);
  if (metadata === undefined) return Object.fromEntries(lists);
  const texts = Object.entries(metadata).map(([key, value]) => [key, String(value)]);
  return { ...Object.fromEntries(lists), metadata: Object.fromEntries(texts) };
}

function readAudit({ goal, strategy, parameters, automation }: NonNullable<RuleText['audit']>): RuleAudit {
  return { goal: goal ?? null, strategy: strategy ?? null, parameters, automation };
}

function metricProblems({ metric, of, where }: RuleText, metrics: Metrics): RuleProblem[] {
  const known = metrics.get(metric);
  if (known === undefined) {
    const names = [...metrics.keys()];
    const near = nearest(metric, names);
    const hint = near === undefined ? '' : `; did you mean ${near}?`;
    return [{ path: ['metric'], text: `is ${metric}, which is no metric${hint} (there are ${names.join(', ')})` }];
  }
  const problems: RuleProblem[] = [];
  if (of !== undefined && !known.of.includes(of)) {
    problems.push({ path: ['of'], text: `is ${of}, but ${metric} is measured of ${known.of.join(' and ')} only` });
  }
  const kind = of ?? known.of[0];
  if (of === undefined && known.of.length > 1) {
    problems.push({ path: ['of'], text: `is missing: ${metric} is measured of ${known.of.join(' and ')}` });
  }
  for (const key of kind === 'host' ? OF_INSTANCES : []) {
    if (where[key] !== undefined) {
      problems.push({ path: ['where', key], text: 'says something of instances, but the rule is of hosts' });
    }
  }
  return problems;
}

const OF_INSTANCES = ['project', 'flavor', 'metadata', 'server_group'] as const;

function thresholdProblems({ above, below, clear }: RuleText): RuleProblem[] {
  if (above === undefined && below === undefined) {
    return [{ path: ['above'], text: 'is missing: give above or below, the threshold' }];
  }
  if (above !== undefined && below !== undefined) {
    return [{ path: ['below'], text: 'is given beside above: give only one of them' }];
  }
  if (clear === undefined) return [];
  if (above !== undefined && clear > above) {
    return [{ path: ['clear'], text: `is ${clear}: it must not be greater than above, which is ${above}` }];
  }
  if (below !== undefined && clear < below) {
    return [{ path: ['clear'], text: `is ${clear}: it must not be less than below, which is ${below}` }];
  }
  return [];
}

function timeProblems({ window, objective }: RuleText): RuleProblem[] {
  const problems: RuleProblem[] = [];
  const seconds = parseDuration(window);
  if (!(seconds > 0 && seconds <= LONGEST_WINDOW)) {
    problems.push({ path: ['window'], text: `is ${window}: it must be more than nothing and at most 1d` });
  }
  if (objective === undefined) return problems;
  const period = parseDuration(objective.period);
  if (!(period > 0 && period <= LONGEST_OBJECTIVE && period % SECONDS_PER_HOUR === 0)) {
    const given = typeof objective.period === 'number' ? formatDuration(period) : objective.period;
    problems.push({ path: ['objective', 'period'], text: `is ${given}: it must be whole hours, at most 90d` });
  }
  return problems;
}

function auditProblems({ audit }: RuleText): RuleProblem[] {
  if (audit === undefined) return [];
  const { goal, strategy: name, parameters } = audit;
  if (goal === undefined && name === undefined) {
    return [{ path: ['audit'], text: 'says not what to audit for: give goal, strategy, or both' }];
  }
  const unknownGoal = goal === undefined ? [] : unknown('goal', goal, GOALS);
  const unknownStrategy = name === undefined ? [] : unknown('strategy', name, STRATEGIES);
  const strategy = STRATEGIES.find((one) => one.name === name);
  if (strategy === undefined || unknownGoal.length > 0) return [...unknownGoal, ...unknownStrategy];
  if (goal !== undefined && strategy.goal !== goal) {
    const text = `is ${name}, which serves the goal ${strategy.goal}, not ${goal}`;
    return [{ path: ['audit', 'strategy'], text }];
  }
  return parameterProblems(strategy, parameters as Parameters);
}

function unknown(key: string, name: string, known: readonly { readonly name: string }[]): RuleProblem[] {
  const names = known.map((one) => one.name);
  if (names.includes(name)) return [];
  const near = nearest(name, names);
  const hint = near === undefined ? '' : `; did you mean ${near}?`;
  return [{ path: ['audit', key], text: `is ${name}, which there is not${hint} (there are ${names.join(', ')})` }];
}

function parameterProblems(strategy: Strategy, parameters: Parameters): RuleProblem[] {
  try {
    withDefaults(strategy, parameters);
    return [];
  } catch (error) {
    if (!(error instanceof VigilError)) throw error;
    return [{ path: ['audit', 'parameters'], text: `do not fit: ${error.context.problems ?? error.message}` }];
  }
}
