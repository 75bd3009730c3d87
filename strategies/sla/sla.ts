import { integer, number, text } from '../json-schema.ts';
import { migrate } from '../propose.ts';
import type { Rejected } from '../rejected.ts';
import type { ProposedAction, Solution, Strategy, StrategyInput } from '../strategy.ts';
import { StrategyError } from '../strategy-error.ts';
import { Targets } from '../targets.ts';
import { causeOf } from './cause.ts';
import { Demand } from './demand.ts';
import { type Parting, Partings, percent } from './parting.ts';
import { lookbackOf } from './recent.ts';
import { type Suspect, suspectsOn } from './suspects.ts';
import { findVictims } from './victims.ts';

const MILLIS_PER_SECOND = 1_000;
const PERCENT = 100;
/** From here on one course is said to go along with another. */
const ALONG = 0.5;

/** The strategy behind the rules: whatever the metric, find who suffers and who causes it, and part them. */
export const sla: Strategy = {
  name: 'sla',
  displayName: 'SLA by metric',
  goal: 'sla',
  description:
    'Finds the instances that get less than a rule promises and the neighbour that takes it, and parts them.',
  parameters: {
    type: 'object',
    properties: {
      metric: text('What the victims suffer from; left out, the metric of the breach that started the audit.', {
        minLength: 1,
      }),
      threshold: number('From which value on somebody is a victim; left out, those that are breached are.'),
      cause: text('The metric an aggressor has much of; left out, what is known to cause the other.', { minLength: 1 }),
      window: integer('Over how many seconds metrics are compared.', { default: 300, minimum: 10, maximum: 86_400 }),
      minimum_gain: number('By how much the demand beside the victims has to sink at least, in per cent.', {
        default: 10,
        minimum: 0,
        maximum: 100,
      }),
      cooldown: integer('For how many seconds an instance that was moved is left where it is.', {
        default: 900,
        minimum: 0,
        maximum: 604_800,
      }),
      max_moves: integer('How many instances are moved at most; one of each host in a plan.', {
        default: 5,
        minimum: 1,
        maximum: 1_000,
      }),
    },
    additionalProperties: false,
  },
  needs: [],
  plan: (input) => {
    const metric = input.parameters.metric ?? input.trigger?.metric;
    if (typeof metric !== 'string') throw new StrategyError('metric-missing');
    return part(input, metric);
  },
};

/** One move a host: what it brings is seen before the next is thought of. */
function part(input: StrategyInput, metric: string): Solution {
  const { view, metrics, scope, parameters, now, history } = input;
  const seconds = Number(parameters.window);
  const known = causeOf(metric);
  const cause = typeof parameters.cause === 'string' ? { use: parameters.cause, unmet: null } : known;
  const back = lookbackOf(input.trigger, seconds);
  const { byHost, rejected: notVictims } = findVictims(input, metric, back);
  const demand = new Demand(view, metrics, cause, back);
  const scene = { view, metrics, scope, demand, metric, use: cause.use, seconds };
  const targets = new Targets(view, scope, ({ name }) => byHost.has(name));
  const partings = new Partings(scene, targets, {
    minimumGain: Number(parameters.minimum_gain) / PERCENT,
    cooldownMillis: Number(parameters.cooldown) * MILLIS_PER_SECOND,
    ...{ now, history },
  });
  const actions: ProposedAction[] = [];
  const rejected: Rejected[] = [...notVictims];
  const tally = new Tally([...byHost.values()].reduce((sum, { length }) => sum + length, 0));
  const worstFirst = [...byHost].sort((a, b) => b[1].length - a[1].length || (a[0] < b[0] ? -1 : 1));
  for (const [host, victims] of worstFirst) {
    if (actions.length >= Number(parameters.max_moves)) break;
    const { suspects, rejected: noSuspects } = suspectsOn(host, victims, scene);
    const { parting, rejected: refused } = partings.best(host, victims, suspects);
    rejected.push(...noSuspects, ...refused);
    if (parting === null) continue;
    const { instance } = parting.suspect;
    actions.push(migrate(instance, 'live', parting.to, reasonOf(parting, host, metric, cause.use, victims.length)));
    tally.add(victims.length, parting.relief);
    view.move(instance.uuid, parting.to);
    targets.moved(parting.to);
    for (const touched of [host, parting.to]) demand.forget(touched);
  }
  return { actions, ...tally.indicators(actions.length), rejected };
}

function reasonOf(parting: Parting, host: string, metric: string, use: string, victims: number): string {
  const { suspect, to, before, after } = parting;
  const number = victims === 1 ? 'one victim' : `${victims} victims`;
  const own = suspect.isVictim ? ', itself among them' : '';
  return (
    `It has ${percent(suspect.share)} % of the ${use} on ${host}, where ${metric} strikes ${number}${own}; ` +
    `${courseOf(suspect)}. Demand for each CPU sinks from ${before.from.toFixed(2)} to ${after.from.toFixed(2)} there, ` +
    `and rises from ${before.to.toFixed(2)} to ${after.to.toFixed(2)} on ${to}.`
  );
}

function courseOf({ correlation: r }: Suspect): string {
  if (r === null) return 'whether it goes along with what they suffer cannot be told';
  const goes = r >= ALONG ? 'it goes along' : 'it does not go along';
  return `${goes} with what they suffer (correlation ${r.toFixed(2)})`;
}

/** What a plan brings, in the goal's indicators. */
class Tally {
  readonly #victims: number;
  #relieved = 0;
  #relief = 0;

  constructor(victims: number) {
    this.#victims = victims;
  }

  add(victims: number, relief: number): void {
    this.#relieved += victims;
    this.#relief += victims * relief;
  }

  indicators(moves: number): Pick<Solution, 'indicators' | 'globalEfficacy'> {
    const relief = {
      name: 'expected_relief',
      description: 'By how much the demand beside the victims sinks, as far as can be foreseen.',
      unit: '%',
      value: this.#victims === 0 ? 0 : percent(this.#relief / this.#victims),
    };
    const indicators = [
      count('victims_count', 'Instances that get less than the rule promises.', this.#victims),
      count('relieved_victims_count', 'Of these, those whose aggressor the plan takes away.', this.#relieved),
      count('instance_migrations_count', 'Instances that the plan moves.', moves),
      relief,
    ];
    return { indicators, globalEfficacy: this.#victims === 0 ? [] : [relief] };
  }
}

function count(name: string, description: string, value: number) {
  return { name, description, unit: null, value };
}
