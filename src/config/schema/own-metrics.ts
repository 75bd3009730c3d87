import { type Static, Type } from 'typebox';
import { type Metric, PROVIDERS, type Provider, type Provision } from '../../../model/metrics/metric.ts';
import { amount, group, name, oneOf, text } from './setting.ts';

const KINDS = ['instance', 'host'] as const;

const PROVISION = group(
  {
    by: oneOf(Object.keys(PROVIDERS) as Provider[], { description: 'Who measures it.', example: 'node_exporter' }),
    of: oneOf(KINDS, { description: 'Whose it is there.', example: 'host' }),
    query: text({
      description: 'PromQL ($window stands for the range of a rate), a meter, or a name of nova’s monitors.',
      example: 'node_load1',
    }),
    counter: Type.Boolean({
      default: false,
      description: 'It counts up since some start: its rate a second is meant.',
    }),
    per_vcpu: Type.Boolean({
      default: false,
      description: 'It is of all vCPUs together: it is divided by their number.',
    }),
    scale: amount(-1e15, 1e15, { default: 1, description: 'What it is multiplied by to be in the metric’s unit.' }),
  },
  { description: 'How somebody provides it.' },
);

const OWN_METRIC = group(
  {
    name: name({
      description: 'Name, for rules and strategies; one of the catalogue’s replaces that.',
      example: 'load',
    }),
    description: text({ default: 'An operator’s own metric.', description: 'What it is.' }),
    unit: text({ default: '1', description: 'Its unit.' }),
    of: Type.Array(Type.Unsafe<(typeof KINDS)[number]>({ type: 'string', enum: [...KINDS] }), {
      ...{ minItems: 1, maxItems: 2, uniqueItems: true, form: 'a list of instance, host, or both' },
      ...{ description: 'What it is measured of.', example: ['host'] },
    }),
    bad: oneOf(['above', 'below'], { default: 'above', description: 'On which side of a threshold trouble lies.' }),
    provisions: Type.Array(PROVISION, {
      ...{ maxItems: 20, default: [], form: 'a list of at most 20' },
      description: 'How sources provide it; none is needed for what is pushed.',
    }),
  },
  { description: 'A metric.' },
);

export const OWN_METRICS = Type.Array(OWN_METRIC, {
  ...{ maxItems: 500, default: [], form: 'a list of at most 500 metrics' },
  description: 'Metrics beside those of the catalogue.',
});

/** An operator's metric as the catalogue has metrics. */
export function ownMetric({ provisions, ...metric }: Static<typeof OWN_METRIC>): Metric {
  return { ...metric, provisions: provisions.map(provisionOf) };
}

function provisionOf({ by, of, query, counter, per_vcpu, scale }: Static<typeof PROVISION>): Provision {
  const flags = { ...(counter ? { counter } : {}), ...(per_vcpu ? { perVcpu: per_vcpu } : {}) };
  return { ...{ by, of, query, ...flags }, ...(scale === 1 ? {} : { scale }) } as Provision;
}
