import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { loadConfig } from '../../../src/config/load.ts';
import { readWatcherConf } from '../../../src/import-watcher/read-config.ts';
import { OPTION_RULES } from '../../../src/import-watcher/settings.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'vigil-import-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

const textOf = (name: string): string =>
  readFileSync(join(import.meta.dirname, `../../data/watcher-conf/${name}.conf`), 'utf8');
const read = (name: string): ReturnType<typeof readWatcherConf> => readWatcherConf(textOf(name));

async function loaded(settings: object): Promise<Awaited<ReturnType<typeof loadConfig>>['config']> {
  writeFileSync(join(directory, 'vigil.yaml'), stringify(settings));
  return (await loadConfig({ directory })).config;
}

describe('a watcher.conf', () => {
  it('becomes a configuration of Vigil that is valid as it is', async () => {
    const config = await loaded(read('controller').settings);
    expect(config).toMatchObject({
      listen: { host: '10.0.0.11', port: 9322 },
      api: { max_page: 500, cors_origins: ['https://dashboard.example.org', 'https://other.example.org'] },
      policy: { 'webhook:trigger': ['anyone'] },
      identity: {
        kind: 'keystone',
        auth_url: 'http://keystone.internal:5000/v3',
        public_url: 'https://identity.example.org/v3',
      },
      sources: [
        {
          kind: 'amqp',
          urls: ['amqp://watcher:s3cret@rabbit1:5672/', 'amqp://watcher:s3cret@rabbit2:5672/'],
        },
      ],
      openstack: {
        auth: { username: 'watcher', password: 's3cret', project_name: 'service' },
        region: 'RegionOne',
        interface: 'internal',
        tls: { ca: '/etc/ssl/cloud.pem' },
      },
      reconcile: { interval: 600 },
      metrics: {
        sources: [
          { kind: 'nova' },
          { kind: 'push' },
          { kind: 'prometheus', url: 'http://10.0.0.20:9090', exporters: ['node_exporter', 'aetos'] },
          { kind: 'gnocchi' },
        ],
      },
      log: { level: 'info' },
    });
  });

  it('has each of its options accounted for, and no secret in what is told', () => {
    const { outcomes } = read('controller');
    expect(outcomes).toHaveLength(textOf('controller').match(/^\w+ = /gm)?.length ?? 0);
    const told = new Map(outcomes.map(({ name, result, detail }) => [name, `${result}: ${detail}`]));
    expect(told.get('[api] port')).toBe('mapped: listen.port');
    expect(told.get('[database] connection')).toMatch(/^mapped: Vigil keeps its records in its own store/);
    expect(told.get('[watcher_datasources] datasources')).toContain('metrics.sources.2.kind');
    expect(told.get('[prometheus_client] port')).toBe('mapped: it is in the address');
    expect(told.get('[watcher_frobnicator] speed')).toBe('not taken: Vigil knows nothing like it');
    expect(JSON.stringify(outcomes)).not.toContain('s3cret');
  });

  it('may leave the question who asks to a proxy, and use Kafka', async () => {
    const { settings, outcomes } = read('devstack');
    expect(await loaded(settings)).toMatchObject({
      identity: { kind: 'headers' },
      sources: [{ kind: 'kafka', brokers: ['broker1:9092', 'broker2:9093'] }],
      log: { level: 'debug' },
    });
    expect(outcomes).toContainEqual({
      kind: 'setting',
      name: '[api] host',
      result: 'not taken',
      detail: 'it refers to another option',
    });
  });

  it.each([
    ['rubbish', 'line 1 is neither a section nor an option'],
    ['[a]\nb = 1\nc', 'line 3 is neither a section nor an option'],
  ])('%j is refused with the line', (text, message) => {
    expect(() => readWatcherConf(text)).toThrow(message);
  });

  it.each(['rabbit://', 'qpid://host', 'rabbit://u:p4ss@[::1'])(
    'an address %s of a broker is told to be unreadable',
    (url) => {
      const { outcomes, settings } = readWatcherConf(`[DEFAULT]\ntransport_url = ${url}`);
      expect(outcomes[0]).toMatchObject({ result: 'not taken' });
      expect(JSON.stringify(outcomes)).not.toContain('p4ss');
      expect(settings).toEqual({});
    },
  );

  it('names Prometheus with who asks, over TLS, whether it was listed or only described', async () => {
    const { settings, outcomes } = readWatcherConf(
      `[prometheus_client]
host = 2001:db8::1
username = watcher
password = s3cret
cafile = /etc/ssl/prometheus.pem
fqdn_label = machine
instance_uuid_label = resource`,
    );
    const { metrics } = await loaded(settings);
    expect(metrics.sources[2]).toMatchObject({
      ...{ kind: 'prometheus', url: 'https://[2001:db8::1]:9090', username: 'watcher', password: 's3cret' },
      tls: { ca: '/etc/ssl/prometheus.pem' },
    });
    const results = outcomes.map(({ name, result }) => `${name.split(' ')[1]} ${result}`);
    expect(results).toEqual([
      ...['host mapped', 'username mapped', 'password mapped', 'cafile mapped', 'fqdn_label not taken'],
      'instance_uuid_label mapped',
    ]);
    expect(JSON.stringify(outcomes)).not.toContain('s3cret');
  });

  it('tells apart the data sources that are asked, those that cannot be, and those that were not listed', async () => {
    const { settings, outcomes } = readWatcherConf(
      '[watcher_datasources]\ndatasources = monasca, aetos, prometheus\n[gnocchi_client]\nregion_name = x',
    );
    expect((await loaded(settings)).metrics.sources).toMatchObject([
      { kind: 'nova' },
      { kind: 'push' },
      { kind: 'aetos' },
    ]);
    expect(outcomes[0]).toMatchObject({ result: 'mapped', detail: expect.stringContaining('not monasca, prometheus') });
    const { outcomes: none } = readWatcherConf('[watcher_datasources]\ndatasources = grafana');
    expect(none[0]).toMatchObject({ result: 'not taken', detail: expect.stringContaining('not grafana') });
  });

  it('has no rule that another one hides', () => {
    const hidden = OPTION_RULES.filter(({ option }, i) =>
      OPTION_RULES.slice(0, i).some(({ option: before }) =>
        before.endsWith('*') ? option.startsWith(before.slice(0, -1)) : option === before,
      ),
    );
    expect(hidden.map(({ option }) => option)).toEqual([]);
  });
});
