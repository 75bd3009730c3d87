import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadConfig } from '../../../src/config/load.ts';
import { flagOverlay } from '../../../src/config/overlay.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'vigil-config-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

function write(text: string, name = 'vigil.yaml'): string {
  writeFileSync(join(directory, name), text);
  return join(directory, name);
}

/** What is told of a configuration that cannot be used. */
async function refusal(yaml: string, env: Record<string, string> = {}): Promise<string> {
  write(yaml);
  const error = await loadConfig({ directory, env }).then(
    () => new Error('it was accepted'),
    (reason: Error) => reason,
  );
  return error.message;
}

describe('the configuration', () => {
  it('is a simulated cloud in an embedded store on this machine when nothing is given', async () => {
    const { config, file } = await loadConfig({ directory });
    expect(file).toBeNull();
    expect(config).toMatchObject({
      cloud: 'cloud',
      listen: { host: '127.0.0.1', port: 9322 },
      store: { kind: 'embedded', path: 'data/vigil', retention: 200_000 },
      sources: [{ kind: 'simulator', hosts: 20, instances: 200, seed: 1, window: 1000 }],
      reconcile: { interval: 3600, increment: 60 },
    });
    expect(config.openstack).toBeUndefined();
  });

  it('takes flags over variables over the file over defaults, and knows where each value came from', async () => {
    write('cloud: east\nlisten:\n  host: localhost\n  port: 1\nlog:\n  level: warn\n');
    const { config, origins } = await loadConfig({
      directory,
      env: { VIGIL_LISTEN__PORT: '2', VIGIL_LOG__LEVEL: 'error', VIGIL_CLOUD: '' },
      flags: [flagOverlay('listen.port', '3', '--port')],
    });
    expect(config).toMatchObject({ cloud: 'east', listen: { host: 'localhost', port: 3 }, log: { level: 'error' } });
    expect(origins.of(['cloud'])).toBe('vigil.yaml:1');
    expect(origins.of(['listen', 'host'])).toBe('vigil.yaml:3');
    expect(origins.of(['listen', 'port'])).toBe('--port');
    expect(origins.of(['log', 'level'])).toBe('VIGIL_LOG__LEVEL');
    expect(origins.of(['api', 'heartbeat'])).toBe('default');
  });

  it('reads variables as what is wanted at their path', async () => {
    const { config } = await loadConfig({
      directory,
      env: {
        VIGIL_SOURCES__0__KIND: 'amqp',
        VIGIL_SOURCES__0__URLS: 'amqp://a:5672/,amqp://b:5672/',
        VIGIL_SOURCES__0__QUEUE__MAX_LENGTH: '5000',
        VIGIL_STORE: '{kind: redis, url: "redis://r:1/0"}',
        VIGIL_STORE__PASSWORD: '12345',
        VIGIL_ROLES: 'api,engine',
        VIGIL_IDENTITY__PUBLIC_ACCESS: 'true',
        VIGIL_LISTEN__HOST: '0.0.0.0',
        VIGIL_TEST_REDIS_URL: 'is none of ours',
      },
    });
    expect(config.sources).toMatchObject([
      { kind: 'amqp', urls: ['amqp://a:5672/', 'amqp://b:5672/'], queue: { max_length: 5000 }, exchanges: ['nova'] },
    ]);
    expect(config.roles).toEqual(['api', 'engine']);
    expect(config.store).toMatchObject({ kind: 'redis', url: 'redis://r:1/0', password: '12345' });
  });

  it.each(['sources.0.hosts', 'sources[0].hosts'])('takes a flag for an item of a list: %s', async (path) => {
    const flags = [flagOverlay('sources.0.kind', 'simulator', '--set'), flagOverlay(path, '7', '--set')];
    const { config } = await loadConfig({ directory, flags });
    expect(config.sources).toMatchObject([{ kind: 'simulator', hosts: 7 }]);
  });

  it('reads a secret from a file', async () => {
    const file = write('0123456789abcdef\n', 'token');
    const { config, origins } = await loadConfig({
      directory,
      env: { VIGIL_IDENTITY__KIND: 'token', VIGIL_IDENTITY__TOKEN_FILE: file },
    });
    expect(config.identity.kind === 'token' && config.identity.token).toBe('0123456789abcdef');
    expect(origins.of(['identity', 'token'])).toBe(`file ${file}`);
  });

  it('is asked for by name and must then be there', async () => {
    await expect(loadConfig({ directory, file: 'other.yaml' })).rejects.toThrow(
      'There is no configuration file other.yaml.',
    );
  });
});

describe('a configuration that is wrong', () => {
  it.each([
    ['listen:\n  prot: 80', 'vigil.yaml:2: listen.prot is not known; did you mean port? (known here: host, port)'],
    ['lisen: {}', 'vigil.yaml:1: lisen is not known; did you mean listen?'],
    ['listen:\n\n  port: abc', 'vigil.yaml:3: listen.port must be a whole number from 0 to 65535, not "abc"'],
    ['listen: {port: 70000}', 'vigil.yaml:1: listen.port must be a whole number from 0 to 65535, not 70000'],
    ['listen: 80', 'vigil.yaml:1: listen must be a group of settings (host, port), not 80'],
    [
      'store:\n  kind: redi',
      'vigil.yaml:2: store.kind must be one of embedded, redis, not "redi"; did you mean redis?',
    ],
    ['store: {kind: redis}', 'vigil.yaml:1: store.url is missing: redis://HOST:PORT/DATABASE'],
    ['store: {url: x}', 'vigil.yaml:1: store.url is not known'],
    ['sources: []', 'sources is empty, and without openstack nothing else tells of the cloud: give one of them'],
    ['roles: [ingest, apy]', 'vigil.yaml:1: roles[1] must be one of ingest, api, engine, not "apy"; did you mean api?'],
    ['roles: [api, api]', 'vigil.yaml:1: roles must be a list of 1 to 3 items, each once, not ["api","api"]'],
    ['roles: [engine]', 'roles lacks ingest and api: processes share the work only with store.kind: redis'],
    ['sources:\n - urls: []', 'vigil.yaml:2: sources[0].kind is missing: one of simulator, amqp, kafka, recording'],
    [
      'sources:\n - kind: amqp\n   urls: [http://user:pass@x]',
      'vigil.yaml:3: sources[0].urls[0] must be amqp://HOST:PORT/VHOST, or amqps:// for TLS (in names and passwords / ? # @ are written %2F %3F %23 %40), not "http://…@x"',
    ],
    [
      'sources:\n - {kind: amqp, urls: [amqp://x], window: 1000, queue: {max_length: 1000}}',
      'vigil.yaml:2: sources[0].queue.max_length is 1000: it must be greater than the window, which is 1000',
    ],
    ['sources:\n - kind: simulator\n - kind: simulator', 'sources[1].name must differ from that of sources[0]'],
    ['log: {level: verbose}', 'log.level must be one of trace, debug, info'],
    ['cloud: "a b"', 'cloud must be letters, digits, "_", "." and "-", at most 64, not "a b"'],
    ['identity: {kind: token, token: 1234}', 'identity.token must be a text that is not empty, not …'],
    [
      'identity: {kind: token, token: a, token_file: b}',
      'identity.token_file stands beside identity.token: give only one',
    ],
    [
      'identity: {kind: token, token_file: /no/such}',
      'identity.token_file names the file /no/such, which cannot be read (ENOENT)',
    ],
    ['listen: {host: 0.0.0.0}', 'listen.host is 0.0.0.0, which others reach'],
    ['listen: {host: "::"}', 'set identity.kind to token'],
    ['openstack: {region: x}', 'openstack says not how to get in: give cloud (of clouds.yaml), auth, environment'],
    ['openstack: {cloud: a, auth: {auth_url: "http://x"}}', 'openstack has both auth and a cloud of clouds.yaml'],
    ['openstack: {cloud: a, environment: true}', 'openstack has both environment and auth or a cloud of clouds.yaml'],
    ['openstack: {auth: {auth_url: "http://u:p@x"}}', 'must be an http or https address without user and password'],
    ['a: b: c', 'vigil.yaml cannot be read: line 1, column'],
    [
      'cloud: a\ncloud: b',
      'vigil.yaml cannot be read: line 2, column 1: it is no YAML (duplicate key): a setting stands there twice',
    ],
    ['- a', 'it is not a map of settings'],
    ['__proto__: {cloud: x}', '__proto__ is not known'],
    ['constructor: 1', 'constructor is not known'],
    ['sources: {}', 'vigil.yaml:1: sources must be a list of 0 to 50 items, not a group of settings'],
    ['listen: {port: .nan}', 'listen.port must be a whole number from 0 to 65535, not NaN'],
    ['a: 1\n---\nb: 2', 'it is no YAML (multiple docs): one file has one configuration, with no --- in it'],
    [
      'store: {kind: redis, url: "redis://h/foo"}',
      'store.url must be redis://HOST:PORT/DATABASE, or rediss:// for TLS',
    ],
    [
      'store: {kind: redis, url: "redis://h:port/0"}',
      'store.url must be redis://HOST:PORT/DATABASE, or rediss:// for TLS',
    ],
  ])('%j is refused: %s', async (yaml, text) => {
    expect(await refusal(yaml)).toContain(text);
  });

  it('is told as a whole', async () => {
    const told = await refusal('listen: {port: x}\nlog: {level: y}', {
      VIGIL_STORE__KND: 'redis',
      VIGIL_LISTEN__HOST: 'h',
    });
    expect(told).toContain('vigil.yaml:1: listen.port');
    expect(told).toContain('vigil.yaml:2: log.level');
    expect(told).toContain('VIGIL_STORE__KND: store.knd is not known; did you mean kind?');
  });

  it('names the variable or flag that brought an unknown group', async () => {
    expect(await refusal('', { VIGIL_LISTN__PORT: '1' })).toContain('VIGIL_LISTN__PORT: listn is not known');
    const flags = [flagOverlay('nope.nope', '1', '--set')];
    await expect(loadConfig({ directory, flags })).rejects.toThrow('--set: nope is not known');
  });

  it.each([
    'store: {kind: redis, url: "redi://u:geheim@h", password: [geheim]}',
    'store: {kind: redis, url: "u:geheim@host:6379"}',
    'store: {kind: redis, url: "redis://u:ge#geheim@host"}',
    'sources: [{kind: amqp, urls: ["vigil:geheim@rabbit:5672"]}]',
    'sources: [{kind: amqp, urls: ["amqp://vigil:geheim/geheim@rabbit"]}]',
    'sources: [{kind: kafka, brokers: ["u:geheim@h:9092"]}]',
    'sources: "amqp://vigil:ge?geheim@rabbit"',
    'identity: {kind: token, token: *geheim}',
    'identity:\n  kind: token\n  token: |geheim',
    'identity:\n  kind: token\n  token: >geheim',
  ])('does not show secrets: %s', async (yaml) => {
    const told = await refusal(yaml);
    expect(told).not.toBe('it was accepted');
    expect(told).not.toContain('geheim');
  });
});
