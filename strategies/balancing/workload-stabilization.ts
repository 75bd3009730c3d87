import { type JsonSchema, number, text } from '../json-schema.ts';
import type { Strategy } from '../strategy.ts';
import { AGGREGATION_METHOD, GRANULARITY } from '../windows.ts';

const METRICS = ['instance_cpu_usage', 'instance_ram_usage'] as const;
const share: JsonSchema = { type: 'number', minimum: 0, maximum: 1 };
const seconds: JsonSchema = { type: 'integer', minimum: 0 };

export const workloadStabilization: Strategy = {
  name: 'workload_stabilization',
  displayName: 'Workload stabilization',
  goal: 'workload_balancing',
  description: 'Moves instances until the load of hosts differs less than a threshold.',
  parameters: {
    properties: {
      metrics: {
        type: 'array',
        items: { type: 'string', enum: [...METRICS] },
        default: ['instance_cpu_usage'],
        description: 'What load is made of.',
      },
      thresholds: {
        type: 'object',
        description: 'For each metric the standard deviation from which it acts.',
        default: { instance_cpu_usage: 0.1, instance_ram_usage: 0.1 },
        properties: { instance_cpu_usage: share, instance_ram_usage: share },
      },
      weights: {
        type: 'object',
        description: 'How much each metric counts, under its name and _weight.',
        default: { instance_cpu_usage_weight: 1.0, instance_ram_usage_weight: 1.0 },
        properties: { instance_cpu_usage_weight: share, instance_ram_usage_weight: share },
      },
      instance_metrics: {
        type: 'object',
        description: 'For each metric of instances the one that says the same of hosts.',
        default: { instance_cpu_usage: 'host_cpu_usage', instance_ram_usage: 'host_ram_usage' },
      },
      host_choice: text('Which hosts it tries: cycle (in turn), retry (some by chance) or fullsearch (all).', {
        default: 'retry',
      }),
      retry_count: number('How many hosts retry tries.', { default: 1, minimum: 1 }),
      periods: {
        type: 'object',
        description: 'Over how many seconds metrics are averaged, by kind of resource.',
        default: { compute_node: 600, instance: 720, node: 0 },
        properties: { compute_node: seconds, instance: seconds, node: { ...seconds, default: 0 } },
      },
      aggregation_method: AGGREGATION_METHOD,
      granularity: { ...GRANULARITY, minimum: 0 },
    },
  },
  needs: ['cpu_util', 'memory_used'],
  plan: null,
};
