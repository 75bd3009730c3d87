import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { CATALOGUE } from '../../../model/metrics/catalogue.ts';
import { ACTION_TYPES } from '../../../strategies/action.ts';
import { ACTIONS } from '../../../strategies/catalogue/actions.ts';
import { GOALS } from '../../../strategies/catalogue/goals.ts';
import { STRATEGIES } from '../../../strategies/catalogue/strategies.ts';
import type { JsonSchema } from '../../../strategies/json-schema.ts';

/** What a Watcher 17.0.0 showed of its goals and strategies, without its prose. */
interface Recorded {
  readonly goals: readonly { readonly name: string }[];
  readonly strategies: readonly { readonly name: string }[];
}

const RECORDED = JSON.parse(readFileSync('tests/data/watcher/catalogue.json', 'utf8')) as Recorded;

const OWN_GOALS = ['sla', 'model_refresh'];
const OWN_STRATEGIES = ['sla', 'refresh'];

describe('the goals', () => {
  it('are those of Watcher with their indicators, then our own', () => {
    const shown = GOALS.map(({ name, displayName, efficacy }) => ({
      name,
      display_name: displayName,
      efficacy_specification: efficacy.map(({ name: indicator, unit, schema }) => ({ name: indicator, unit, schema })),
    }));
    expect(shown.slice(0, RECORDED.goals.length)).toEqual(RECORDED.goals);
    expect(shown.slice(RECORDED.goals.length).map(({ name }) => name)).toEqual(OWN_GOALS);
  });

  it('are each served by a strategy', () => {
    const served = new Set(STRATEGIES.map(({ goal }) => goal));
    expect(GOALS.map(({ name }) => name).filter((name) => !served.has(name))).toEqual([]);
  });
});

describe('the strategies', () => {
  it('are those of Watcher with parameters of the same types, defaults and bounds, then our own', () => {
    const shown = STRATEGIES.map(({ name, displayName, goal, parameters }) => ({
      name,
      display_name: displayName,
      goal_name: goal,
      parameters_spec: withoutProse(parameters),
    }));
    expect(shown.slice(0, RECORDED.strategies.length)).toEqual(RECORDED.strategies);
    expect(shown.slice(RECORDED.strategies.length).map(({ name }) => name)).toEqual(OWN_STRATEGIES);
  });

  it.each(STRATEGIES)('$name describes itself and every parameter', ({ description, parameters }) => {
    expect(description).toMatch(/^[A-Z].+\.$/);
    for (const [name, parameter] of Object.entries((parameters.properties ?? {}) as { [name: string]: JsonSchema }))
      expect(parameter.description, name).toMatch(/^[A-Z].+\.$/);
  });

  it.each(STRATEGIES)('$name needs only metrics that there are', ({ needs }) => {
    const known = CATALOGUE.map(({ name }) => name);
    expect(needs.filter((metric) => !known.includes(metric))).toEqual([]);
  });

  it.each(STRATEGIES)('$name has defaults that fit its own schema', ({ parameters }) => {
    const ajv = new Ajv({ strict: false, useDefaults: true });
    const { $schema: _, required: __, ...rest } = parameters;
    const filled = {};
    const check = ajv.compile(rest);
    expect(check(filled), ajv.errorsText(check.errors)).toBe(true);
  });
});

describe('the actions', () => {
  it('are one of each type', () => {
    expect(Object.keys(ACTIONS).sort()).toEqual([...ACTION_TYPES].sort());
    for (const [type, kind] of Object.entries(ACTIONS)) expect(kind.type).toBe(type);
  });

  it.each(Object.values(ACTIONS))('$type says what it has to be told', ({ description, input }) => {
    expect(description).toMatch(/^[A-Z].+\.$/);
    expect(() => new Ajv({ strict: true, allowUnionTypes: true }).compile(input)).not.toThrow();
  });
});

/** A schema without descriptions; a parameter may be called description. */
function withoutProse(schema: unknown, isProperties = false): unknown {
  if (Array.isArray(schema)) return schema.map((part) => withoutProse(part));
  if (typeof schema !== 'object' || schema === null) return schema;
  const parts = Object.entries(schema).filter(([key]) => isProperties || key !== 'description');
  return Object.fromEntries(
    parts.map(([key, part]) => [key, key === 'default' ? part : withoutProse(part, key === 'properties')]),
  );
}
