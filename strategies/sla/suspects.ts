import type { Fork } from '../../model/fork.ts';
import type { Instance } from '../../model/instance.ts';
import type { MetricsView } from '../../model/metrics/metrics-view.ts';
import { type Rejected, reject } from '../rejected.ts';
import type { Scope } from '../strategy.ts';
import { correlation, meanOf, steps } from './correlation.ts';
import type { Demand } from './demand.ts';

/** An instance whose departure would help. */
export interface Suspect {
  readonly instance: Instance;
  readonly demand: number;
  /** Its part of all that is asked of the host, 0 to 1. */
  readonly share: number;
  /** How its use goes along with what the victims suffer, -1 to 1; null when that cannot be told. */
  readonly correlation: number | null;
  readonly isVictim: boolean;
}

/** Of one whose course says nothing, its share counts for more than of one whose course goes its own way. */
const UNTOLD = 0.75;

/** How likely it is by its course that an instance causes what others suffer, 0 to 1. */
export function likelihood({ correlation: r }: Suspect): number {
  return r === null ? UNTOLD : (1 + r) / 2;
}

export interface Scene {
  readonly view: Fork;
  readonly metrics: MetricsView;
  readonly scope: Scope;
  readonly demand: Demand;
  /** What the victims suffer from, and what an aggressor does much of. */
  readonly metric: string;
  readonly use: string;
  readonly seconds: number;
}

/** Courses are compared in so many steps of the window. */
const STEPS = 30;

/** Everybody on a host who may be what its victims suffer from, or one of them, with what is known of each. */
export function suspectsOn(
  host: string,
  victims: readonly string[],
  scene: Scene,
): { readonly suspects: readonly Suspect[]; readonly rejected: readonly Rejected[] } {
  const { view, metrics, scope, demand, seconds } = scene;
  const width = Math.max(1, seconds / STEPS);
  const course = (metric: string, resource: string): Map<number, number> =>
    steps(metrics.series(metric, resource, seconds), width);
  const suffering = new Map(victims.map((victim) => [victim, course(scene.metric, victim)]));
  const asked = demand.on(host) ?? 0;
  const suspects: Suspect[] = [];
  const rejected: Rejected[] = [];
  for (const instance of view.instancesOn(host)) {
    const { uuid } = instance;
    const own = demand.of(instance);
    if (!scope.hasInstance(uuid)) rejected.push(reject(uuid, 'out-of-scope'));
    else if (own === null) rejected.push(reject(uuid, 'not-measured', { metric: scene.use }));
    else if (own <= 0) rejected.push(reject(uuid, 'uses-nothing', { metric: scene.use }));
    else {
      const others = [...suffering].filter(([victim]) => victim !== uuid).map(([, values]) => values);
      suspects.push({
        ...{ instance, demand: own, share: own / asked, isVictim: suffering.has(uuid) },
        correlation: others.length === 0 ? null : correlation(course(scene.use, uuid), meanOf(others)),
      });
    }
  }
  return { suspects, rejected };
}
