import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { beforeEach, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { loadConfig } from '../../src/config/load.ts';

interface Service {
  image: string;
  user?: string;
  ports: string[];
  healthcheck: { test: string[] };
  command?: string[];
}

interface Compose {
  services: Record<string, Service>;
}

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
// `duration` and such are the specification's own formats, of which ajv knows nothing.
const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });
const isCompose = ajv.compile<Compose>(JSON.parse(read('tests/data/compose/compose-spec.json')));

let compose: Compose;

beforeEach(() => {
  compose = parse(read('compose/compose.yaml'));
});

describe('compose.yaml', () => {
  test('is what the Compose specification allows', () => {
    isCompose(compose);
    expect(isCompose.errors).toBeNull();
  });

  test.each([
    ['an unknown key', { ports: [], imagee: 'redis' }],
    ['a wrong type', { image: 7 }],
    ['a health check of no known form', { healthcheck: { tset: ['CMD', 'true'] } }],
  ])('would be refused with %s', (_, change) => {
    expect(isCompose({ ...compose, services: { ...compose.services, redis: change } })).toBe(false);
  });

  test('brings up Vigil with Redis, RabbitMQ and Kafka', () => {
    expect(Object.keys(compose.services).sort()).toEqual(['kafka', 'rabbitmq', 'redis', 'vigil']);
  });

  test.each(['vigil', 'redis', 'rabbitmq', 'kafka'])(
    '%s has a pinned image, a health check and loopback ports',
    (name) => {
      const { image, healthcheck, ports } = service(name);
      expect(image).toMatch(/:\d+\.\d+\.\d+/);
      expect(healthcheck.test[0]).toBe('CMD');
      expect(ports).not.toEqual([]);
      for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/);
    },
  );

  test('keeps all that Redis acknowledged and evicts nothing', () => {
    expect(service('redis').command?.join(' ')).toMatch(/--appendonly yes .*--maxmemory-policy noeviction/);
  });
});

describe('the configuration in compose/', () => {
  test('is valid and names the services of compose.yaml', async () => {
    const file = new URL('../../compose/vigil.yaml', import.meta.url).pathname;
    const { config } = await loadConfig({ file });
    expect(config.listen.port).toBe(Number(service('vigil').ports[0]?.split(':').at(-1)));
    const addresses = JSON.stringify([config.store, config.sources]);
    for (const name of ['redis', 'rabbitmq', 'kafka']) expect(addresses).toContain(`${name}:`);
  });
});

describe('the Dockerfile', () => {
  const lines = read('compose/Dockerfile').split('\n');

  test('starts from pinned images', () => {
    const images = lines.filter((line) => line.startsWith('FROM '));
    expect(images).toHaveLength(2);
    for (const line of images) expect(line).toMatch(/^FROM node:\d+\.\d+\.\d+-/);
  });

  test('runs Vigil as an ordinary user', () => {
    expect(lines.filter((line) => line.startsWith('USER '))).toEqual(['USER node']);
    expect(lines.indexOf('USER node')).toBeLessThan(lines.findIndex((line) => line.startsWith('CMD ')));
  });
});

function service(name: string): Service {
  const found = compose.services[name];
  if (found === undefined) throw new Error(`no service ${name}`);
  return found;
}
