import type { ResourceKind } from '../../model/metrics/sample.ts';
import { NAMING_LABELS } from '../../streams/metrics/naming.ts';
import { type Conversion, left, listOf, type OptionRule, same, type WatcherOptions } from './option-rule.ts';

/** The data sources of Watcher that Vigil asks too, each as the settings of `metrics.sources` that begin with it. */
const ASKED: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  // node_exporter tells of hosts; of instances, what Ceilometer writes there.
  prometheus: { kind: 'prometheus', exporters: ['node_exporter', 'aetos'] },
  aetos: { kind: 'aetos' },
  gnocchi: { kind: 'gnocchi' },
};

/** What stands in `metrics.sources` where nothing else is said. */
const ALWAYS = ['nova', 'push'];

const NOT_ASKED = 'it is not among watcher_datasources.datasources';
const NAME_THEM = 'name where else measurements come from in metrics.sources';
const ONE_CLOUD = 'asked as the rest of the cloud is: openstack.region and openstack.interface';

/** What becomes of the options by which Watcher finds measurements. */
export const METRIC_RULES: readonly OptionRule[] = [
  { option: 'watcher_datasources.datasources', convert: (_, options) => sourcesOf(options) },
  same('watcher_datasources.query_*', 'sources are asked again at their next round'),
  {
    option: 'prometheus_client.host',
    convert: (host, options) =>
      ofSource('prometheus', options, {
        ...ASKED.prometheus,
        url: `${options.has('prometheus_client.cafile') ? 'https' : 'http'}://${host.includes(':') ? `[${host}]` : host}:${options.get('prometheus_client.port') ?? '9090'}`,
      }),
  },
  {
    option: 'prometheus_client.port',
    convert: (port, options) =>
      options.has('prometheus_client.host')
        ? { same: 'it is in the address' }
        : { left: `port ${port} of which host? ${NAME_THEM}` },
  },
  ...Object.entries({
    username: 'username',
    password: 'password',
    cafile: 'tls.ca',
    certfile: 'tls.cert',
    keyfile: 'tls.key',
  }).map(
    ([name, setting]): OptionRule => ({
      option: `prometheus_client.${name}`,
      convert: (value, options) => ofSource('prometheus', options, { [setting]: value }),
    }),
  ),
  ...['prometheus_client', 'aetos_client'].flatMap((section): OptionRule[] => [
    { option: `${section}.fqdn_label`, convert: labelOf('host') },
    { option: `${section}.instance_uuid_label`, convert: labelOf('instance') },
  ]),
  same('aetos_client.*', ONE_CLOUD),
  same('gnocchi_client.api_version', 'Vigil speaks v1'),
  same('gnocchi_client.*', ONE_CLOUD),
  left(
    'ceilometer_client.*',
    'Ceilometer has no API any more: read its samples, metrics.sources of the kind ceilometer-amqp',
  ),
  left('grafana_client.*', NAME_THEM),
  left('grafana_translators.*', NAME_THEM),
  left('monasca_client.*', NAME_THEM),
];

/** Those asked that can be, in their order; where none are named, those of which something is said. */
function placesOf(options: WatcherOptions): readonly string[] {
  const named = options.get('watcher_datasources.datasources');
  const said = Object.keys(ASKED).filter((kind) =>
    [...options.keys()].some((name) => name.startsWith(`${kind}_client.`)),
  );
  const wanted = named === undefined ? said : listOf(named);
  return wanted.filter((kind) => Object.hasOwn(ASKED, kind) && isTold(kind, options));
}

/** A Prometheus must be somewhere; the others are in the catalogue. */
function isTold(kind: string, options: WatcherOptions): boolean {
  return kind !== 'prometheus' || options.has('prometheus_client.host');
}

function sourcesOf(options: WatcherOptions): Conversion {
  const named = listOf(options.get('watcher_datasources.datasources') ?? '');
  const not = named.filter((kind) => !placesOf(options).includes(kind));
  const but = `not ${not.join(', ')}: ${NAME_THEM}`;
  if (not.length === named.length) return { left: but };
  const to = placesOf(options).map((kind) => ofSource(kind, options, ASKED[kind] ?? {}));
  const settings = Object.assign({}, ...to.map((one) => ('to' in one ? one.to : {})));
  return { to: settings, ...(not.length === 0 ? {} : { but }) };
}

/** Settings of one source, beside those that are always there. */
function ofSource(kind: string, options: WatcherOptions, settings: Readonly<Record<string, unknown>>): Conversion {
  const place = placesOf(options).indexOf(kind);
  if (place < 0) return { same: NOT_ASKED };
  const always = ALWAYS.map((name, i) => [`metrics.sources.${i}.kind`, name]);
  const own = Object.entries(settings).map(([name, value]) => [
    `metrics.sources.${ALWAYS.length + place}.${name}`,
    value,
  ]);
  return { to: Object.fromEntries([...always, ...own]) };
}

function labelOf(kind: ResourceKind): (label: string) => Conversion {
  const known = NAMING_LABELS[kind];
  return (label) =>
    known.includes(label)
      ? { same: `${label} is among the labels by which each ${kind} is found` }
      : { left: `each ${kind} is found by one of the labels ${known.join(', ')}: add one (relabel_configs)` };
}
