import type { MetricsView } from '../../model/metrics/metrics-view.ts';
import { hostMaintenance } from '../../strategies/maintenance/host-maintenance.ts';
import { sla } from '../../strategies/sla/sla.ts';
import { solve } from '../../strategies/solve.ts';
import type { StrategyInput } from '../../strategies/strategy.ts';
import { cloudModel, hostName, instanceUuid, type Scale } from '../cloud-model.ts';
import { collectGarbage, rateOf, type Side } from './side.ts';

interface AuditSettings extends Scale {
  readonly strategy: keyof typeof AUDITS;
}

/** One audit takes a few milliseconds: too little to be timed. */
const TIMES = 20;
const NOW = 1_790_000_000_000;
const MILLIS_PER_SECOND = 1_000;

/** Audits of a cloud, each of other hosts of it. Rounds give audits a second. */
export async function auditSide({ strategy: name, ...scale }: AuditSettings): Promise<Side> {
  const model = cloudModel(scale);
  const { strategy, auditOf } = AUDITS[name];
  let n = 0;
  const run = (): void => {
    n += 1;
    const { least, ...audit } = auditOf(n, scale);
    const input: StrategyInput = {
      ...{ view: model.fork(), metrics: NOTHING_MEASURED, now: NOW, trigger: null },
      history: { lastMove: () => null },
      scope: { hasHost: () => true, hasInstance: () => true },
      ...audit,
    };
    const { actions } = solve(strategy, input, () => null);
    if (actions.length < least) throw new Error(`${name}: ${actions.length} actions, at least ${least} were expected`);
  };
  return {
    round: async () => {
      await collectGarbage();
      return rateOf(TIMES, run);
    },
    close: async () => undefined,
  };
}

interface Audit extends Pick<StrategyInput, 'parameters'>, Partial<Pick<StrategyInput, 'trigger' | 'metrics'>> {
  /** Actions that must come of it: nothing is measured that does nothing. */
  readonly least: number;
}

const AUDITS = {
  host_maintenance: {
    strategy: hostMaintenance,
    auditOf: (n: number, { hosts, instances }: Scale): Audit => ({
      parameters: { maintenance_node: hostName(n), disable_live_migration: false, disable_cold_migration: false },
      least: instances / hosts / 2,
    }),
  },
  sla: { strategy: sla, auditOf: breach },
} as const;

/** Hosts whose instances suffer in one breach, and instances of each. */
const HOSTS = 20;
const VICTIMS = 3;

function breach(n: number, scale: Scale): Audit {
  const hosts = Array.from({ length: HOSTS }, (_, i) => (n * HOSTS + i) % scale.hosts);
  const nth = (host: number, i: number): string => instanceUuid(host + i * scale.hosts);
  const resources = hosts.flatMap((host) => Array.from({ length: VICTIMS }, (_, i) => nth(host, i + 1)));
  return {
    parameters: { window: 300, minimum_gain: 10, cooldown: 900, max_moves: HOSTS },
    trigger: { rule: 'steal', metric: 'cpu_steal', resources },
    metrics: measured(new Set(resources), new Set(hosts.map((host) => nth(host, 7)))),
    least: HOSTS / 2,
  };
}

const NOTHING_MEASURED: MetricsView = { mean: () => null, series: () => [] };
const SAMPLES = 20;

/** Aggressors use all they have, and victims suffer as they do; all others use a little. */
function measured(victims: ReadonlySet<string>, aggressors: ReadonlySet<string>): MetricsView {
  const value = (metric: string, resource: string): number | null => {
    if (metric === 'cpu_steal') return victims.has(resource) ? 20 : 0;
    if (metric !== 'cpu_util') return null;
    return aggressors.has(resource) ? 100 : 10;
  };
  return {
    mean: value,
    series: (metric, resource, seconds) => {
      const mean = value(metric, resource) ?? 0;
      const begin = NOW / MILLIS_PER_SECOND - seconds;
      return Array.from({ length: SAMPLES }, (_, i) => [
        begin + (i * seconds) / SAMPLES,
        i % 2 === 0 ? mean * 1.5 : mean / 2,
      ]);
    },
  };
}
