import { createSimulatedCloud } from '../sim/index.ts';
import type { Source } from '../streams/source.ts';
import type { SimulatorSourceConfig } from './config/schema/sources.ts';

/** A simulated cloud that lives in this process: the source of its notifications, and where its APIs answer. */
export interface Simulation {
  readonly source: Source;
  /** Begins its life; before, it is at rest. */
  start(): void;
  stop(): Promise<void>;
}

/** Makes a simulated cloud as configured, living in real time from now on. The only place that knows the simulator. */
export async function simulateCloud(config: SimulatorSourceConfig): Promise<Simulation> {
  const { hosts, instances, seed, failures, window, name } = config;
  const cloud = createSimulatedCloud({
    hosts,
    instances,
    seed,
    failures,
    operationsPerSecond: config.operations_per_second,
    start: Date.now(),
  });
  return {
    source: cloud.source({ window, ...(name === undefined ? {} : { name }) }),
    start: () => cloud.run(),
    stop: async () => cloud.stop(),
  };
}
