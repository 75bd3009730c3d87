import { type JsonSchema, number } from './json-schema.ts';

/** Over how many seconds metrics are averaged. */
export function period(seconds: number): JsonSchema {
  return number('Over how many seconds a metric is averaged.', { default: seconds });
}

/** For sources that keep averages of a fixed length. */
export const GRANULARITY = number('Seconds between two values of a metric, where its source keeps it by steps.', {
  default: 300,
});

/** How several values become one, by kind of resource. `node` is an old name of `compute_node`. */
export const AGGREGATION_METHOD: JsonSchema = {
  type: 'object',
  description: 'How several values of a metric become one: mean, max, min or count.',
  default: { compute_node: 'mean', instance: 'mean', node: '' },
  properties: {
    compute_node: { type: 'string', default: 'mean', description: 'For hosts.' },
    instance: { type: 'string', default: 'mean', description: 'For instances.' },
    node: { type: 'string', default: '', description: 'An older name of compute_node; empty when not used.' },
  },
};
