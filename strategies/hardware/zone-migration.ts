import { flag, integer, type JsonSchema, text } from '../json-schema.ts';
import type { Strategy } from '../strategy.ts';

const NAMES: JsonSchema = { type: 'array', items: { type: 'string' } };

export const zoneMigration: Strategy = {
  name: 'zone_migration',
  displayName: 'Zone migration',
  goal: 'hardware_maintenance',
  description: 'Moves everything from given hosts and storage pools, so many at a time, the most important first.',
  parameters: {
    properties: {
      compute_nodes: {
        type: 'array',
        description: 'The hosts to be emptied.',
        items: {
          type: 'object',
          properties: {
            src_node: text('The host to be emptied.'),
            dst_node: text('Where its instances go; left out, nova chooses.'),
          },
          required: ['src_node'],
          additionalProperties: false,
        },
      },
      storage_pools: {
        type: 'array',
        description: 'The storage pools to be emptied.',
        items: {
          type: 'object',
          properties: {
            src_pool: text('The pool to be emptied.'),
            dst_pool: text('Where its volumes go.'),
            src_type: text('Only volumes of this type.'),
            dst_type: text('The type they get.'),
          },
          oneOf: [
            { required: ['src_pool', 'dst_pool'], not: { required: ['dst_type'] } },
            { required: ['src_pool', 'dst_type'], not: { required: ['dst_pool'] } },
          ],
          additionalProperties: false,
        },
      },
      parallel_total: integer('How many are moved at once in all.', { default: 6, minimum: 0 }),
      parallel_per_node: integer('How many are moved at once from a host.', { default: 2, minimum: 0 }),
      parallel_per_pool: integer('How many are moved at once from a storage host.', { default: 2, minimum: 0 }),
      priority: {
        type: 'object',
        description: 'Which instances and volumes come first.',
        properties: {
          project: { ...NAMES, description: 'Projects in the order in which they are served.' },
          compute_node: { ...NAMES, description: 'Hosts in the order in which they are emptied.' },
          storage_pool: { ...NAMES, description: 'Pools in the order in which they are emptied.' },
          compute: {
            enum: ['vcpu_num', 'mem_size', 'disk_size', 'created_at'],
            description: 'Which of the instances come first: the largest, or the oldest.',
          },
          storage: {
            enum: ['size', 'created_at'],
            description: 'Which of the volumes come first: the largest, or the oldest.',
          },
        },
        additionalProperties: false,
      },
      with_attached_volume: flag('Whether an instance is moved right after its volumes.', { default: false }),
    },
    additionalProperties: false,
  },
  needs: [],
  plan: null,
};
