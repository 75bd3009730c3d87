import { AUTH_SETTINGS } from '../openstack/settings.ts';
import { METRIC_RULES } from './metric-rules.ts';
import {
  type Conversion,
  direct,
  isTrue,
  left,
  listOf,
  type OptionRule,
  same,
  type WatcherOptions,
} from './option-rule.ts';
import { readTransportUrl } from './transport-url.ts';

const KEYSTONE = 'keystone_authtoken';
const CLIENTS = 'watcher_clients_auth';

const OWN_STORE = 'Vigil keeps its records in its own store (store.kind: embedded or redis)';
const NO_RPC = 'the parts of Vigil share a store, no message bus';

/** The first rule that fits an option counts. */
export const OPTION_RULES: readonly OptionRule[] = [
  direct('api.host', 'listen.host'),
  direct('api.port', 'listen.port', Number),
  direct('api.max_limit', 'api.max_page', Number),
  {
    option: 'api.enable_webhooks_auth',
    convert: (value) =>
      isTrue(value) ? { same: 'webhooks ask who calls' } : { to: { 'policy.webhook:trigger': ['anyone'] } },
  },
  left('api.enable_ssl_api', 'put a proxy that speaks TLS in front of Vigil'),
  same('api.workers', 'one process answers; start several with roles and a Redis to share the work'),
  {
    option: 'DEFAULT.enable_authentication',
    convert: (value) => (isTrue(value) ? { same: 'see keystone_authtoken' } : { to: { 'identity.kind': 'headers' } }),
  },
  { option: 'DEFAULT.transport_url', convert: transportOf },
  { option: 'oslo_messaging_notifications.transport_url', convert: transportOf },
  direct('oslo_messaging_notifications.topics', 'sources.0.topics', listOf),
  same('oslo_messaging_notifications.driver', 'Vigil tells what it does over /events'),
  same('oslo_messaging_rabbit.*', 'the broker’s address says it'),
  {
    option: `${KEYSTONE}.auth_url`,
    convert: (value) => ({ to: { 'identity.kind': 'keystone', 'identity.auth_url': value } }),
  },
  direct(`${KEYSTONE}.www_authenticate_uri`, 'identity.public_url'),
  direct(`${KEYSTONE}.cafile`, 'identity.tls.ca'),
  direct(`${KEYSTONE}.token_cache_time`, 'identity.cache', Number),
  same(`${KEYSTONE}.*`, 'a token is checked with itself: no user of the service is needed'),
  ...AUTH_SETTINGS.map((name) => direct(`${CLIENTS}.${name}`, `openstack.auth.${name}`)),
  {
    option: `${CLIENTS}.auth_type`,
    convert: (value) => ({ to: { 'openstack.auth.auth_type': value } }),
  },
  direct(`${CLIENTS}.cafile`, 'openstack.tls.ca'),
  direct(`${CLIENTS}.certfile`, 'openstack.tls.cert'),
  direct(`${CLIENTS}.keyfile`, 'openstack.tls.key'),
  { option: `${CLIENTS}.insecure`, convert: (value) => ({ to: { 'openstack.tls.verify': !isTrue(value) } }) },
  direct('nova_client.region_name', 'openstack.region'),
  direct('nova_client.endpoint_type', 'openstack.interface', (text) => text.replace(/URL$/, '')),
  same('nova_client.api_version', 'Vigil asks for the newest version it knows'),
  same('placement_client.*', 'as for nova'),
  direct('watcher_cluster_data_model_collectors.compute.period', 'reconcile.interval', Number),
  left('watcher_cluster_data_model_collectors.storage.*', 'Vigil has no model of volumes yet'),
  left('watcher_cluster_data_model_collectors.baremetal.*', 'Vigil has no model of bare metal yet'),
  same('collector.*', 'the model follows nova’s notifications'),
  direct('cors.allowed_origin', 'api.cors_origins', listOf),
  {
    option: 'DEFAULT.debug',
    convert: (value) => ({ to: { 'log.level': isTrue(value) ? 'debug' : 'info' } }),
  },
  same('database.*', OWN_STORE),
  same('DEFAULT.log_file', 'the log goes to stdout'),
  same('DEFAULT.log_dir', 'the log goes to stdout'),
  same('DEFAULT.state_path', OWN_STORE),
  same('DEFAULT.control_exchange', NO_RPC),
  same('DEFAULT.rpc_*', NO_RPC),
  same('oslo_concurrency.*', 'nothing is locked by files'),
  left('watcher_decision_engine.metric_map_path', 'name what a source calls its metrics in metrics.sources'),
  same('watcher_decision_engine.notification_topics', 'see sources: the topics of nova’s versioned notifications'),
  ...METRIC_RULES,
  left('oslo_policy.*', 'say in policy which roles may do what'),
  left('watcher_strategies.*', 'give the parameters to audits or templates'),
];

/** The rule for an option; undefined when nobody knows it. */
export function ruleFor(section: string, name: string): OptionRule | undefined {
  const full = `${section}.${name}`;
  return OPTION_RULES.find(({ option }) =>
    option.endsWith('*') ? full.startsWith(option.slice(0, -1)) : option === full,
  );
}

/** The bus of notifications is the one of the service unless another is named. */
function transportOf(value: string, options: WatcherOptions): Conversion {
  const named = options.get('oslo_messaging_notifications.transport_url');
  if (named !== undefined && named !== value) return { same: 'notifications have an address of their own' };
  try {
    const { kind, addresses } = readTransportUrl(value, isTrue(options.get('oslo_messaging_rabbit.ssl') ?? 'false'));
    const list = kind === 'amqp' ? 'urls' : 'brokers';
    return { to: { 'sources.0.kind': kind, [`sources.0.${list}`]: addresses } };
  } catch (error) {
    return { left: (error as Error).message };
  }
}
