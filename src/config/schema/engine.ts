import { type Static, Type } from 'typebox';
import { SEVERITIES } from '../../../streams/sla/rule.ts';
import { amount, group, oneOf, text, whole } from './setting.ts';

const SECONDS_OF_A_DAY = 86_400;
const SECONDS_OF_30_DAYS = 2_592_000;
const DAY = '(mon|tue|wed|thu|fri|sat|sun)';
const TIME = '([01]\\d|2[0-3]):[0-5]\\d';
const WINDOW = `^(${DAY}(-${DAY})? )?${TIME}-${TIME}( [A-Za-z0-9_+/-]{1,64})?$`;

/** Audits, plans, and how far Vigil goes by itself. */
export const ENGINE = group(
  {
    lease: whole(2, 600, {
      default: 15,
      description: 'Seconds after which another process takes over from one that no longer answers.',
    }),
    plan_expiry: whole(60, SECONDS_OF_30_DAYS, {
      default: SECONDS_OF_A_DAY,
      description: 'Seconds after which a plan that nobody started is superseded.',
    }),
    retention: whole(3_600, 12 * SECONDS_OF_30_DAYS, {
      default: SECONDS_OF_30_DAYS,
      description: 'Seconds for which plans that have ended, and what was deleted, are kept.',
    }),
    execution_rule: oneOf(['stop_dependants', 'always'], {
      default: 'stop_dependants',
      description: 'After a failed action: cancel those that depend on it, or run all the same, as Watcher does.',
    }),
    maintenance_moves_excluded: Type.Boolean({
      default: false,
      description:
        'The strategy host_maintenance also moves instances that the scope of its audit excludes, as Watcher does (its bug 2154805).',
    }),
    action_timeout: whole(5, SECONDS_OF_A_DAY, {
      default: 1_800,
      description: 'Seconds after which an action whose end was not seen has failed.',
    }),
  },
  { default: {}, description: 'Audits and action plans.' },
);

export const AUTOMATION_CONFIG = group(
  {
    max_model_age: whole(10, SECONDS_OF_A_DAY, {
      default: 300,
      description: 'Seconds without a word of the cloud after which nothing is done automatically.',
    }),
    partial_moves: whole(0, 10_000, {
      default: 3,
      description: 'With automation partial: a plan of more moves waits for somebody to start it.',
    }),
    partial_severity: oneOf(SEVERITIES, {
      default: 'warning',
      description: 'With automation partial: after a graver breach the plan waits for somebody to start it.',
    }),
    moves_per_hour: whole(0, 100_000, {
      default: 100,
      description: 'Instances of the cloud that are moved automatically within an hour; 0: as many as there are.',
    }),
    windows: Type.Array(text({ pattern: WINDOW, form: 'days, times and zone', description: 'A window.' }), {
      maxItems: 50,
      default: [],
      description:
        'When plans may be carried out automatically, as "mon-fri 22:00-06:00 Europe/Vienna" (UTC unless a zone is named); ' +
        'none given: always.',
    }),
  },
  { default: {}, description: 'What is done without anybody asking for it.' },
);

export const LIMITS = group(
  {
    migrations: whole(1, 10_000, { default: 4, description: 'Migrations at once in the cloud, whoever started them.' }),
    out_of_host: whole(1, 1_000, { default: 2, description: 'Migrations at once out of a host.' }),
    into_host: whole(1, 1_000, { default: 2, description: 'Migrations at once into a host.' }),
    moves_per_plan: whole(1, 100_000, { default: 500, description: 'Moves of a plan; what is beyond is left out.' }),
    interrupted_per_group: whole(1, 1_000, {
      default: 1,
      description: 'Members of a server group that are moved, stopped or resized at once.',
    }),
    interrupted_per_project: whole(0, 100_000, {
      default: 0,
      description: 'Instances of a project that are moved, stopped or resized at once; 0: as many as there are.',
    }),
    nova_silence: amount(0.1, 3_600, {
      default: 10,
      description: 'Seconds for which the model may be silent about an action before nova is asked how it stands.',
    }),
  },
  { default: {}, description: 'How much is done to the cloud at once.' },
);

export type EngineConfig = Static<typeof ENGINE>;
export type AutomationConfig = Static<typeof AUTOMATION_CONFIG>;
export type LimitsConfig = Static<typeof LIMITS>;
