import type { Fork } from '../../model/fork.ts';
import { CATALOGUE } from '../../model/metrics/catalogue.ts';
import { find, inWords } from '../constraints/reason.ts';
import { forbidden, type Rejected, reject } from '../rejected.ts';
import type { StrategyInput } from '../strategy.ts';
import { StrategyError } from '../strategy-error.ts';
import { type Lookback, recentMean } from './recent.ts';

export interface Victims {
  /** By host: the instances that suffer there, or the host itself when it is what was measured. */
  readonly byHost: ReadonlyMap<string, readonly string[]>;
  readonly rejected: readonly Rejected[];
}

/**
 * Who suffers: those of the breach that started the audit, and beyond a threshold where one is given.
 * @throws StrategyError when neither says who suffers, or nothing was measured by which it could be told
 */
export function findVictims(input: StrategyInput, metric: string, back: Lookback): Victims {
  const { view, scope, metrics, trigger, parameters } = input;
  const threshold = typeof parameters.threshold === 'number' ? parameters.threshold : null;
  if (trigger === null && threshold === null) throw new StrategyError('threshold-missing');
  const below = CATALOGUE.find(({ name }) => name === metric)?.bad === 'below';
  let measured = 0;
  const suffers = (resource: string): boolean => {
    if (threshold === null) return true;
    const value = recentMean(metrics, metric, resource, back);
    if (value !== null) measured += 1;
    return value !== null && (below ? value < threshold : value > threshold);
  };
  const byHost = new Map<string, string[]>();
  const rejected: Rejected[] = [];
  for (const resource of trigger?.resources ?? measurable(view, metric)) {
    if (!suffers(resource)) continue;
    const instance = view.instance(resource);
    const host = instance === undefined ? resource : (instance.place?.host ?? null);
    if (host === null || view.host(host) === undefined)
      rejected.push(forbidden(resource, [inWords(find('instance-unknown', { instance: resource }))]));
    else if (!scope.hasHost(host) || (instance !== undefined && !scope.hasInstance(resource)))
      rejected.push(reject(resource, 'out-of-scope'));
    else byHost.set(host, [...(byHost.get(host) ?? []), resource]);
  }
  if (threshold !== null && measured === 0) throw new StrategyError('not-measured', { metric });
  return { byHost, rejected };
}

/** Every resource of which a metric may be told: of one that is told of both, the instances. */
function* measurable(view: Fork, metric: string): Iterable<string> {
  const kinds = CATALOGUE.find(({ name }) => name === metric)?.of ?? ['instance'];
  if (kinds.includes('instance')) for (const { uuid } of view.instances()) yield uuid;
  else for (const { name } of view.hosts()) yield name;
}
