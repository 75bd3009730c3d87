import type { Fork } from '../../model/fork.ts';
import type { Instance } from '../../model/instance.ts';
import type { MetricsView } from '../../model/metrics/metrics-view.ts';
import { type Cause, isShare } from './cause.ts';
import { type Lookback, recentMean } from './recent.ts';

const PERCENT = 100;

/**
 * How much instances ask of their hosts now, by the metric of use: in CPUs where that is a share of vCPUs, else in its own unit.
 * A host's pressure is what is asked of it for each of its CPUs, so that hosts of different sizes compare.
 */
export class Demand {
  readonly #view: Fork;
  readonly #metrics: MetricsView;
  readonly #cause: Cause;
  readonly #isShare: boolean;
  readonly #back: Lookback;
  readonly #byHost = new Map<string, number | null>();

  constructor(view: Fork, metrics: MetricsView, cause: Cause, back: Lookback) {
    this.#view = view;
    this.#metrics = metrics;
    this.#cause = cause;
    this.#isShare = isShare(cause.use);
    this.#back = back;
  }

  /** Whether one is all that a host can give: of shares of CPUs it is. */
  get hasLimit(): boolean {
    return this.#isShare;
  }

  /** Null when it was not measured. */
  of({ uuid, flavor }: Instance): number | null {
    const used = this.#mean(this.#cause.use, uuid);
    if (used === null) return null;
    const { unmet } = this.#cause;
    const wanted = used + (unmet === null ? 0 : (this.#mean(unmet, uuid) ?? 0));
    return this.#isShare ? (Math.min(PERCENT, wanted) / PERCENT) * (flavor?.vcpus ?? 0) : wanted;
  }

  /** What all instances on a host ask; the host's own measurement where it says more, or where none of them is measured. */
  on(host: string): number | null {
    let asked = this.#byHost.get(host);
    if (asked === undefined) {
      asked = this.#add(host);
      this.#byHost.set(host, asked);
    }
    return asked;
  }

  /** An instance came to a host or left it: what is asked there is added up anew. */
  forget(host: string): void {
    this.#byHost.delete(host);
  }

  /** Of a host without instances and measurements nothing is asked. */
  pressure(host: string, more = 0): number | null {
    const asked = this.on(host) ?? (this.#view.totalsOn(host).instances === 0 ? 0 : null);
    return asked === null ? null : (asked + more) / this.cpusOf(host);
  }

  cpusOf(host: string): number {
    const cpus = this.#view.host(host)?.nodes.reduce((sum, { vcpus }) => sum + vcpus, 0) ?? 0;
    return Math.max(1, cpus);
  }

  #add(host: string): number | null {
    let sum: number | null = null;
    for (const instance of this.#view.instancesOn(host)) {
      const asked = this.of(instance);
      if (asked !== null) sum = (sum ?? 0) + asked;
    }
    const own = this.#mean(this.#cause.use, host);
    if (own === null) return sum;
    return Math.max(sum ?? 0, this.#isShare ? (own / PERCENT) * this.cpusOf(host) : own);
  }

  #mean(metric: string, resource: string): number | null {
    return recentMean(this.#metrics, metric, resource, this.#back);
  }
}
