import { STRATEGIES } from '../../../client/collections.ts';
import type { Fields } from '../../../client/fields.ts';
import type { Optimizer } from '../../../client/optimizer.ts';
import { type Assignments, type ParameterSchema, readParameters } from '../../../client/parameters.ts';

/**
 * The parameters given on the command line, checked by the schema of the strategy they are for; null when none are given.
 * @throws Error when they do not fit, or no strategy is named
 */
export async function parametersFor(
  optimizer: Optimizer,
  strategy: string | undefined,
  assignments: Assignments,
): Promise<Fields | null> {
  if (assignments.length === 0) return null;
  if (strategy === undefined) throw new Error('--parameter needs --strategy: parameters belong to a strategy');
  const { name, parameters_spec: schema } = await optimizer.show(STRATEGIES.path, strategy);
  return readParameters(assignments, schema as ParameterSchema, String(name));
}
