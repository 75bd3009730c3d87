import { type Static, Type } from 'typebox';
import { RULES } from '../../sla/rule-schema.ts';
import { group, texts, whole } from './setting.ts';

export const SLA = group(
  {
    rules: RULES,
    files: Type.Optional(
      texts({ description: 'Rule files besides, {rules: [...]} in YAML or JSON.', example: ['/etc/vigil/rules.yaml'] }),
    ),
    step: whole(1, 3_600, { default: 15, description: 'Seconds between evaluations, at whole multiples of it.' }),
    retention: whole(0, 86_400, {
      default: 600,
      description: 'Seconds of samples kept for strategies; for rules as much as their windows need is kept anyway.',
    }),
    samples_memory: whole(16, 1_048_576, {
      default: 1_024,
      description: 'MiB for the samples in windows; while they are used up, series that are new are not evaluated.',
    }),
    objective_scopes: whole(0, 1_000_000, {
      default: 5_000,
      description:
        'Aggregates, hosts and instances of which objectives are counted apart (per), over all rules; 12 KiB each.',
    }),
    audits_per_hour: whole(1, 10_000, {
      default: 60,
      description: 'Audits that all rules together may ask for in an hour; others wait.',
    }),
  },
  { default: {}, description: 'Rules on what is measured, and what they may ask for.' },
);

export type SlaConfig = Static<typeof SLA>;
