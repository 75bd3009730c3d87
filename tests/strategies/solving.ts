import { Ajv } from 'ajv';
import type { Fork } from '../../model/fork.ts';
import type { MetricsView } from '../../model/metrics/metrics-view.ts';
import { type SchemaCheck, type Solved, solve } from '../../strategies/solve.ts';
import type { Strategy, StrategyInput } from '../../strategies/strategy.ts';

const ajv = new Ajv({ strict: false, useDefaults: true });

export const schemaCheck: SchemaCheck = (schema, value) =>
  ajv.validate(schema, value) ? null : ajv.errorsText(ajv.errors);

export const NO_METRICS: MetricsView = { mean: () => null, series: () => [] };

export const NOW = 1_790_000_000_000;

/** Solves with parameters as an audit would: defaults filled in, everything in scope, nothing measured or done before. */
export function solved(
  strategy: Strategy,
  view: Fork,
  parameters: { [name: string]: unknown },
  more: Partial<StrategyInput> = {},
): Solved {
  const { $schema: _, ...schema } = strategy.parameters;
  const problem = schemaCheck(schema, parameters);
  if (problem !== null) throw new Error(problem);
  const input: StrategyInput = {
    ...{ view, parameters, metrics: NO_METRICS, now: NOW, trigger: null },
    history: { lastMove: () => null },
    scope: { hasHost: () => true, hasInstance: () => true },
    ...more,
  };
  return solve(strategy, input, schemaCheck);
}
