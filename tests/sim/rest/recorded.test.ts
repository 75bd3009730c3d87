import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createSimulatedCloud, type Rest, type SimulatedCloud } from '../../../sim/index.ts';
import { type Client, call, clientOf, login } from './client.ts';

/** What a real keystone, nova and placement answered to the same questions. */
interface Recorded {
  readonly service: 'identity' | 'compute' | 'placement';
  readonly version: string;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly body: unknown;
}

const RECORDED = readFileSync(join(import.meta.dirname, '../../data/api/answers.jsonl'), 'utf8')
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => JSON.parse(line) as Recorded);

/** Keys and types; maps whose keys are data are one type, and null is like anything. */
type Form = string | null | readonly ['list', Form] | { readonly [key: string]: Form };

const MAPS =
  /^(metadata|extra_specs|properties|allocations|inventories|usages|resources|scheduler_hints|rules|cpu_info)$/;
/** Shown or not by how the servers are, rather than by what was asked. */
const OPTIONAL = /^(fault|progress|links|servers_links|hypervisors_links|migrations_links)$/;
/** The error bodies of placement have a code since 1.23. */
const IGNORED = new Set(['code', 'security_groups']);

function formOf(value: unknown, key = ''): Form {
  if (value === null) return null;
  if (Array.isArray(value)) return ['list', value.map((item) => formOf(item)).reduce(merge, null)];
  if (typeof value !== 'object') return typeof value;
  if (MAPS.test(key)) return 'map';
  const members = Object.entries(value as object).filter(([name]) => !OPTIONAL.test(name) && !IGNORED.has(name));
  return Object.fromEntries(members.sort().map(([name, member]) => [name, formOf(member, name)]));
}

function merge(a: Form, b: Form): Form {
  if (a === null || b === null) return a ?? b;
  if (Array.isArray(a) && Array.isArray(b)) return ['list', merge(a[1] as Form, b[1] as Form)];
  if (typeof a !== 'object' || typeof b !== 'object' || Array.isArray(a) || Array.isArray(b)) return a;
  const [one, two] = [a as { [key: string]: Form }, b as { [key: string]: Form }];
  const keys = [...new Set([...Object.keys(one), ...Object.keys(two)])].sort();
  return Object.fromEntries(keys.map((key) => [key, merge(one[key] ?? null, two[key] ?? null)]));
}

/** Both without what one of them only has as null. */
function comparable(a: Form, b: Form): [Form, Form] {
  if (a === null || b === null) return [null, null];
  if (Array.isArray(a) && Array.isArray(b)) {
    const [x, y] = comparable(a[1] as Form, b[1] as Form);
    return [['list', x] as const, ['list', y] as const];
  }
  if (typeof a !== 'object' || typeof b !== 'object' || Array.isArray(a) || Array.isArray(b)) return [a, b];
  const [one, two] = [{ ...a } as { [key: string]: Form }, { ...b } as { [key: string]: Form }];
  for (const key of Object.keys(one)) {
    if (two[key] !== undefined) [one[key], two[key]] = comparable(one[key] ?? null, two[key] ?? null);
  }
  return [one, two];
}

let cloud: SimulatedCloud;
let rest: Rest;
let client: Client;

beforeAll(async () => {
  cloud = createSimulatedCloud({ hosts: 4, instances: 12, operationsPerSecond: 0 });
  rest = await cloud.rest();
  client = await clientOf(rest);
});
afterAll(() => rest.close());

/** What stands for the ids in recorded paths. */
function ids(): { server: string; provider: string; service: string; project: string } {
  const [instance] = cloud.truth().instances;
  const [host] = cloud.cloud.fabric.hosts;
  return {
    server: instance?.uuid ?? '',
    provider: host?.nodeUuid ?? '',
    service: host?.serviceUuid ?? '',
    project: cloud.cloud.fabric.tenants[0]?.projectId ?? '',
  };
}

const MISSING = '7d0ddfcb-20a8-4171-bbc2-7a87d0cb0d71';

/** Recorded reads that can be asked of any cloud. */
const READS = RECORDED.filter(
  ({ method, path, version, service }) =>
    method === 'GET' &&
    version !== '' &&
    service !== 'identity' &&
    !/DELETED|in progress|locked|\/migrations$/.test(path),
);

function actualPath(path: string): string {
  const { server, provider, project } = ids();
  const base = path
    .replace('/servers/ID', `/servers/${server}`)
    .replace('/allocations/ID', `/allocations/${server}`)
    .replace('/resource_providers/ID', `/resource_providers/${provider}`)
    .replace('MISSING', MISSING)
    .replace('changes-since', 'changes-since=2020-01-01T00:00:00Z');
  if (base === '/usages') return `/usages?project_id=${project}`;
  if (!base.startsWith('/servers') || base.startsWith('/servers/')) {
    return base
      .replace(/^\/servers\/detail(\?|$)/, '/servers/detail?all_tenants=1&')
      .replace('/os-server-groups', '/os-server-groups?all_projects=1');
  }
  return `${base}?all_tenants=1`;
}

describe('an answer has the form of a real one', () => {
  test.each(READS)('$service $version $path', async ({ service, version, path, status, body }) => {
    const ask =
      service === 'compute'
        ? client.compute('GET', actualPath(path), undefined, version)
        : client.placement(actualPath(path), version);
    const answer = await ask;
    expect(answer.status).toBe(status);
    const [ours, real] = comparable(formOf(answer.body), formOf(body));
    expect(ours).toEqual(real);
  });

  test('keystone’s token', async () => {
    const real = RECORDED.find(({ service }) => service === 'identity');
    const answer = await login(rest, 'admin');
    expect(answer.status).toBe(real?.status);
    const [a, b] = comparable(formOf(answer.body), formOf(real?.body));
    expect(a).toEqual(b);
  });

  test.each(['compute', 'placement'])('the version document of %s', async (service) => {
    const real = RECORDED.find((one) => one.service === service && one.path === '/' && one.version === '');
    const path = service === 'compute' ? '/compute/v2.1' : '/placement';
    const answer = await call('GET', rest.url + path);
    const [a, b] = comparable(formOf(answer.body), formOf(real?.body));
    expect(a).toEqual(b);
  });
});

describe('an answer to what changes something has the form of a real one', () => {
  /** In this order, on a server that is active; `wait` lets what was begun end. */
  const STEPS: readonly (readonly [name: string, method: string, path: string, body: unknown])[] = [
    ['/servers/ID/action lock', 'POST', '/servers/ID/action', { lock: { locked_reason: 'why' } }],
    ['/servers/ID/action unlock', 'POST', '/servers/ID/action', { unlock: null }],
    ['/servers/ID/tags', 'PUT', '/servers/ID/tags', { tags: ['blue', 'gold'] }],
    ['/servers/ID/action nonsense', 'POST', '/servers/ID/action', { nonsense: null }],
    ['/servers/ID/action os-start wrong', 'POST', '/servers/ID/action', { 'os-start': null }],
    ['/servers/ID/action resize same', 'POST', '/servers/ID/action', { resize: { flavorRef: 'SAME' } }],
    ['/servers/ID/action evacuate alive', 'POST', '/servers/ID/action', { evacuate: {} }],
    [
      '/servers/ID/action os-migrateLive nowhere',
      'POST',
      '/servers/ID/action',
      { 'os-migrateLive': { host: 'nowhere', block_migration: 'auto' } },
    ],
    [
      '/servers/ID/action os-migrateLive',
      'POST',
      '/servers/ID/action',
      { 'os-migrateLive': { host: null, block_migration: 'auto' } },
    ],
    ['/servers/ID/action resize', 'POST', '/servers/ID/action', { resize: { flavorRef: 'OTHER' } }],
    ['/servers/ID/action os-stop', 'POST', '/servers/ID/action', { 'os-stop': null }],
    ['/os-services/ID', 'PUT', '/os-services/ID', { status: 'disabled', disabled_reason: 'test' }],
    ['/os-services/ID', 'PUT', '/os-services/ID', { forced_down: true }],
    ['/os-services/ID', 'PUT', '/os-services/ID', { status: 'enabled', forced_down: false }],
    ['/servers/ID', 'DELETE', '/servers/ID', undefined],
  ];

  test('on a server and a service', async () => {
    const instance = [...cloud.cloud.instances.inState('active')].find(
      ({ row, group, pinnedZone }) => row.flavor.name === 'm1.tiny' && group === null && pinnedZone === null,
    );
    const server = instance?.row.uuid ?? '';
    for (const [name, method, path, body] of STEPS) {
      const real = RECORDED.find((one) => one.path === name && one.method === method);
      const actual = path
        .replace('/servers/ID', `/servers/${server}`)
        .replace('/os-services/ID', `/os-services/${ids().service}`);
      const text = JSON.stringify(body)?.replace('SAME', '1').replace('OTHER', '2');
      const answer = await client.compute(method, actual, text === undefined ? undefined : JSON.parse(text));
      expect({ name, status: answer.status }).toEqual({ name, status: real?.status });
      const [a, b] = comparable(formOf(answer.body), formOf(real?.body));
      expect({ name, form: a }).toEqual({ name, form: b });
      cloud.settle();
      if (name.endsWith('resize')) {
        await client.compute('POST', `/servers/${server}/action`, { confirmResize: null });
        cloud.settle();
      }
    }
  });

  test('a new server, group and aggregate', async () => {
    const [image] = cloud.cloud.fabric.images;
    const bodies: Readonly<Record<string, unknown>> = {
      '/servers': { server: { name: 'new', flavorRef: '1', imageRef: image?.id } },
      '/os-server-groups': { server_group: { name: 'g', policy: 'soft-anti-affinity' } },
      '/os-aggregates': { aggregate: { name: 'new', availability_zone: 'az9' } },
    };
    for (const [path, body] of Object.entries(bodies)) {
      const real = RECORDED.find((one) => one.path === path && one.method === 'POST');
      const answer = await client.compute('POST', path, body);
      expect({ path, status: answer.status }).toEqual({ path, status: real?.status });
      const [a, b] = comparable(formOf(answer.body), formOf(real?.body));
      expect({ path, form: a }).toEqual({ path, form: b });
    }
  });

  test('a live migration under way', async () => {
    const [instance] = cloud.cloud.instances.inState('active');
    const server = instance?.row.uuid ?? '';
    await client.compute('POST', `/servers/${server}/action`, {
      'os-migrateLive': { host: null, block_migration: 'auto' },
    });
    cloud.advance(2);
    for (const [name, path] of [
      ['/servers/ID/migrations', `/servers/${server}/migrations`],
      ['/os-migrations in progress', '/os-migrations'],
    ] as const) {
      const real = RECORDED.find((one) => one.path === name && one.version === '2.100');
      const [a, b] = comparable(formOf((await client.compute('GET', path)).body), formOf(real?.body));
      expect({ name, form: a }).toEqual({ name, form: b });
    }
  });
});
