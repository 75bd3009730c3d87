import { BlockList, isIP } from 'node:net';
import { metricTable } from '../../model/metrics/catalogue.ts';
import { ruleProblems } from '../sla/read-rule.ts';
import { formatPath, type Path } from './json-schema.ts';
import type { Config } from './schema/config.ts';
import { ownMetric } from './schema/own-metrics.ts';
import type { AmqpSourceConfig, SourceConfig } from './schema/sources.ts';

/** What no schema can say, as it concerns several settings: which setting, and what is wrong with it. */
export function brokenRules(config: Config): { readonly path: Path; readonly text: string }[] {
  return [
    ...roles(config),
    ...listening(config),
    ...token(config),
    ...withoutSources(config),
    ...openstack(config),
    ...config.sources.flatMap(source),
    ...sourceNames(config.sources, ['sources']),
    ...sourceNames(config.metrics.sources, ['metrics', 'sources']),
    ...sourceNames(named('webhook', config.events.webhooks), ['events', 'webhooks']),
    ...sourceNames(named('watcher', config.events.watchers), ['events', 'watchers']),
    ...slaRules(config),
  ];
}

function slaRules({ sla, metrics }: Config): { path: Path; text: string }[] {
  const known = metricTable(metrics.own.map(ownMetric));
  return sla.rules.flatMap((rule, i) =>
    ruleProblems(rule, known).map(({ path, text }) => ({ path: ['sla', 'rules', i, ...path], text })),
  );
}

/** What one process keeps to itself is of use only when that process hears of the cloud and answers. */
function roles({ roles: given, store }: Config): { path: Path; text: string }[] {
  const missing = (['ingest', 'api'] as const).filter((role) => !given.includes(role));
  if (store.kind !== 'embedded' || missing.length === 0) return [];
  const text = `lacks ${missing.join(' and ')}: processes share the work only with store.kind: redis, not with the embedded store`;
  return [{ path: ['roles'], text }];
}

function listening({ listen, identity }: Config): { path: Path; text: string }[] {
  if (identity.kind !== 'open' || identity.public_access || isLoopback(listen.host)) return [];
  const text =
    `is ${listen.host}, which others reach, and nobody would have to say who they are: set identity.kind to token, ` +
    'headers or keystone (or listen on 127.0.0.1; or set identity.public_access to true if everybody who reaches it may ' +
    'do everything)';
  return [{ path: ['listen', 'host'], text }];
}

function token({ identity }: Config): { path: Path; text: string }[] {
  if (identity.kind !== 'token' || identity.token !== undefined) return [];
  return [{ path: ['identity', 'token_file'], text: 'is missing: give it, or identity.token' }];
}

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

/** Whether only this machine reaches an address. */
export function isLoopback(host: string): boolean {
  const version = isIP(host);
  if (version === 0) return host.toLowerCase() === 'localhost';
  return LOOPBACK.check(host, version === 4 ? 'ipv4' : 'ipv6');
}

function openstack({ openstack: given }: Config): { path: Path; text: string }[] {
  if (given === undefined) return [];
  const { cloud, clouds_yaml, auth, environment, endpoints } = given;
  const path = ['openstack'];
  if (environment && (auth !== undefined || cloud !== undefined || clouds_yaml !== undefined)) {
    return [{ path, text: 'has both environment and auth or a cloud of clouds.yaml: give only one of them' }];
  }
  if (auth !== undefined && (cloud !== undefined || clouds_yaml !== undefined)) {
    return [{ path, text: 'has both auth and a cloud of clouds.yaml: give only one of them' }];
  }
  if (environment || auth !== undefined || cloud !== undefined || clouds_yaml !== undefined) return [];
  if (endpoints?.compute !== undefined) return [];
  return [
    { path, text: 'says not how to get in: give cloud (of clouds.yaml), auth, environment, or endpoints.compute' },
  ];
}

function withoutSources({ sources, openstack: given }: Config): { path: Path; text: string }[] {
  if (sources.length > 0 || given !== undefined) return [];
  return [
    { path: ['sources'], text: 'is empty, and without openstack nothing else tells of the cloud: give one of them' },
  ];
}

function source(config: SourceConfig, i: number): { path: Path; text: string }[] {
  return config.kind === 'amqp' ? queue(config, ['sources', i, 'queue', 'max_length']) : [];
}

function queue({ queue: { max_length }, window }: AmqpSourceConfig, path: Path): { path: Path; text: string }[] {
  if (max_length > window) return [];
  return [{ path, text: `is ${max_length}: it must be greater than the window, which is ${window}` }];
}

function named(kind: string, all: readonly { readonly name: string }[]): NamedSource[] {
  return all.map(({ name }) => ({ kind, name }));
}

interface NamedSource {
  readonly kind: string;
  readonly name?: string;
}

/** Two sources of one name could not be told apart; neither could two without one of the same kind. */
function sourceNames(sources: readonly NamedSource[], at: Path): { path: Path; text: string }[] {
  const seen = new Map<string, number>();
  return sources.flatMap(({ kind, name }, i) => {
    const id = name ?? `a ${kind} without a name`;
    const first = seen.get(id);
    if (first === undefined) seen.set(id, i);
    if (first === undefined) return [];
    const text = `must differ from that of ${formatPath([...at, first])}, both are ${id}`;
    return [{ path: [...at, i, 'name'], text }];
  });
}
