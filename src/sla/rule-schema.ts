import { type Static, type TSchema, type TUnsafe, Type } from 'typebox';
import { DURATION_FORM, DURATION_PATTERN } from '../../streams/sla/duration.ts';
import { AUTOMATION_LEVELS, SCOPE_KINDS, SEVERITIES } from '../../streams/sla/rule.ts';
import { STATISTIC_FORM, STATISTIC_PATTERN } from '../../streams/sla/statistic.ts';
import { group, name, oneOf, type SettingNotes, text } from '../config/schema/setting.ts';

export const MAX_RULES = 1_000;

function duration(notes: SettingNotes & { default?: string }): TUnsafe<string | number> {
  return Type.Unsafe<string | number>({
    ...{ type: ['string', 'number'], pattern: DURATION_PATTERN, minimum: 0, maximum: 1e9, form: DURATION_FORM },
    ...notes,
  });
}

/** One name, or a list of which one must fit. */
function names(notes: SettingNotes): TUnsafe<string | readonly string[]> {
  const item = { type: 'string', minLength: 1, maxLength: 255 };
  return Type.Unsafe<string | readonly string[]>({
    ...{ ...item, type: ['string', 'array'], items: { ...item, form: 'a name' }, minItems: 1, maxItems: 1_000 },
    ...{ form: 'a name, or a list of 1 to 1000 names' },
    ...notes,
  });
}

const number = (notes: SettingNotes): TSchema & TUnsafe<number> =>
  Type.Unsafe<number>({ type: 'number', form: 'a number', ...notes });

const METADATA = Type.Unsafe<{ readonly [key: string]: string | number | boolean }>({
  type: 'object',
  additionalProperties: { type: ['string', 'number', 'boolean'], form: 'a text' },
  minProperties: 1,
  maxProperties: 100,
  form: 'keys with their values',
  description: 'Metadata of the instance; every key must have its value.',
  example: { tier: 'gold' },
});

const WHERE = group(
  {
    aggregate: Type.Optional(names({ description: 'Aggregates of the host, by name or uuid.', example: 'gold' })),
    availability_zone: Type.Optional(names({ description: 'Availability zones.', example: 'az1' })),
    host: Type.Optional(names({ description: 'Hosts, as nova-compute names itself.', example: 'compute-1' })),
    project: Type.Optional(names({ description: 'Projects of the instance, by id.', example: '4b5a6978' })),
    flavor: Type.Optional(names({ description: 'Flavors of the instance, by name.', example: 'm1.large' })),
    metadata: Type.Optional(METADATA),
    server_group: Type.Optional(
      names({ description: 'Server groups of the instance, by name or uuid.', example: 'db' }),
    ),
  },
  {
    description: 'Whom it is about: all that is given must hold. Without it everything that is measured.',
    default: {},
  },
);

const AUDIT = group(
  {
    goal: Type.Optional(name({ description: 'Goal of the audit.', example: 'sla' })),
    strategy: Type.Optional(name({ description: 'Strategy; default: one of the goal.', example: 'sla' })),
    parameters: Type.Unsafe<{ readonly [name: string]: unknown }>({
      ...{ type: 'object', default: {}, form: 'parameters with their values' },
      ...{ description: 'Parameters of the strategy.', example: {} },
    }),
    automation: oneOf(AUTOMATION_LEVELS, {
      default: 'manual',
      description:
        'manual: an operator starts the plan; partial: it starts by itself unless large or grave; full: always.',
    }),
  },
  { description: 'The audit a breach asks for; without it the rule only watches.' },
);

const OBJECTIVE = group(
  {
    target: Type.Unsafe<number>({
      ...{ type: 'number', exclusiveMinimum: 0, exclusiveMaximum: 100, form: 'a number between 0 and 100' },
      ...{ description: 'Percent of the time that must be free of violation.', example: 99.5 },
    }),
    period: duration({ default: '30d', description: 'Over which time; whole hours, at most 90d.' }),
    per: Type.Array(oneOf(SCOPE_KINDS, { description: 'By what.' }), {
      ...{
        default: [],
        uniqueItems: true,
        maxItems: SCOPE_KINDS.length,
        form: `a list of ${SCOPE_KINDS.join(', ')}, each once`,
      },
      description: 'By what it is counted apart as well: each host or instance measured, each host, each aggregate.',
    }),
  },
  { description: 'How much violation is allowed over a longer time.' },
);

/** A rule as people write it, in files, in the configuration and to the API. */
export const RULE = group(
  {
    name: name({ description: 'Name of the rule, unique.', example: 'steal' }),
    metric: text({ description: 'What is measured: a name of the metric catalogue.', example: 'cpu_steal' }),
    of: Type.Optional(
      oneOf(['instance', 'host'], {
        description: 'Whose; needed only where the metric is of both.',
        example: 'instance',
      }),
    ),
    where: WHERE,
    window: duration({ default: '1m', description: 'The statistic is taken over the samples of this last time.' }),
    statistic: text({
      ...{ default: 'mean', pattern: STATISTIC_PATTERN, form: STATISTIC_FORM },
      description: 'What is made of these samples; rate is a second, of a counter.',
    }),
    above: Type.Optional(number({ description: 'A violation while the statistic is greater.', example: 10 })),
    below: Type.Optional(
      number({ description: 'A violation while the statistic is less; instead of above.', example: 5 }),
    ),
    clear: Type.Optional(
      number({ description: 'A breach ends when the statistic is back at this; default: the threshold.', example: 8 }),
    ),
    hold: duration({ default: '0s', description: 'How long the violation must last without a break to be a breach.' }),
    cooldown: duration({
      default: '10m',
      description: 'No other audit before it is over; a breach that comes back within it is the same incident.',
    }),
    severity: oneOf(SEVERITIES, { default: 'warning', description: 'How bad a breach is.' }),
    audit: Type.Optional(AUDIT),
    objective: Type.Optional(OBJECTIVE),
  },
  { description: 'A rule.' },
);

export type RuleText = Static<typeof RULE>;

export const RULES = Type.Array(RULE, {
  ...{ minItems: 0, maxItems: MAX_RULES, default: [], form: `a list of at most ${MAX_RULES} rules` },
  description: 'Rules, each of a metric that must not pass a threshold.',
});

/** What a rule file holds. */
export const RULE_FILE = group({ rules: RULES }, { description: 'A file of rules.' });
