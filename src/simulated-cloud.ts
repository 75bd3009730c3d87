import { createSimulatedCloud } from '../sim/index.ts';
import type { MetricSource } from '../streams/metrics/source.ts';
import type { Source } from '../streams/source.ts';
import type { SimulatorSourceConfig } from './config/schema/sources.ts';
import type { OpenStackOptions } from './openstack/options.ts';
import { optionsFromSettings } from './openstack/settings.ts';
import type { RuleText } from './sla/rule-schema.ts';

/** A simulated cloud that lives in this process: the sources of its notifications and metrics, and where its APIs answer. */
export interface Simulation {
  readonly source: Source;
  readonly metrics: MetricSource;
  /** What it promises its instances, so that the noisy ones among them are dealt with. */
  readonly rules: readonly RuleText[];
  /** How to reach its nova, placement and keystone, on this machine. */
  readonly openstack: OpenStackOptions;
  /** Begins its life; before, it is at rest. */
  start(): void;
  stop(): Promise<void>;
}

/** Instances get the CPUs they ask for, or who takes them is moved away. In a simulated cloud nobody has to be asked. */
const NO_STEAL: RuleText = {
  ...{ name: 'noisy-neighbour', metric: 'cpu_steal', of: 'instance', where: {}, severity: 'warning' },
  ...{ window: '30s', statistic: 'mean', above: 10, clear: 5, hold: '15s', cooldown: '2m' },
  audit: { goal: 'sla', strategy: 'sla', parameters: {}, automation: 'full' },
};

/** Makes a simulated cloud as configured, living in real time from now on. The only place that knows the simulator. */
export async function simulateCloud(config: SimulatorSourceConfig): Promise<Simulation> {
  const { hosts, instances, seed, failures, window, name } = config;
  const cloud = createSimulatedCloud({
    hosts,
    instances,
    seed,
    failures,
    operationsPerSecond: config.operations_per_second,
    noisyEvery: config.noisy_every,
    start: Date.now(),
  });
  const rest = await cloud.rest();
  const named = name === undefined ? {} : { name };
  return {
    openstack: optionsFromSettings(rest.credentials, 'the simulated cloud'),
    source: cloud.source({ window, ...named }),
    metrics: cloud.metrics(named),
    rules: config.noisy_every === 0 ? [] : [NO_STEAL],
    start: () => cloud.run(),
    stop: async () => {
      cloud.stop();
      await rest.close();
    },
  };
}
