import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { Subject } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { metricTable } from '../../../model/metrics/catalogue.ts';
import { createSimulatedCloud } from '../../../sim/index.ts';
import { openMetricSource } from '../../../src/metrics-sources/open-sources.ts';
import { connectOpenStack, type OpenStack } from '../../../src/openstack/connect.ts';
import type { Ingested } from '../../../streams/ingest.ts';
import type { Measurement } from '../../../streams/metrics/measurement.ts';
import type { SourceEvent } from '../../../streams/source.ts';
import { type TestState, testState } from '../api/state.ts';

const VECTOR = {
  status: 'success',
  data: { resultType: 'vector', result: [{ metric: { resource: 'uuid-1' }, value: [1_800_000_000, '512'] }] },
};

let state: TestState;
let server: Server;
let openstack: OpenStack;
let tokens: (string | undefined)[];
let asked: string[];
const ended: (() => unknown)[] = [];

/** A stand-in for Aetos that the simulated keystone's catalog names; it asks for a token, as Aetos does. */
beforeEach(async () => {
  state = await testState();
  [tokens, asked] = [[], []];
  server = createServer((request, response) => {
    const token = request.headers['x-auth-token'];
    tokens.push(String(token ?? ''));
    asked.push(request.url ?? '');
    response.statusCode = token === undefined ? 401 : 200;
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(VECTOR));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const cloud = createSimulatedCloud({ hosts: 1, instances: 0 });
  const rest = await cloud.rest({ services: [{ type: 'metric-storage', name: 'aetos', url }] });
  const { auth_url: authUrl, username, password, project_name: project, region_name: region } = rest.credentials;
  const domain = { id: 'default' };
  openstack = await connectOpenStack(
    {
      credentials: {
        ...{ kind: 'password', authUrl, user: { name: username, domain }, password },
        scope: { kind: 'project', project: { name: project, domain } },
      },
      ...{ region, interface: 'public', endpoints: {}, tls: { cacert: null, cert: null, key: null, verify: true } },
    },
    pino({ level: 'silent' }),
  );
  ended.push(
    () => openstack.close(),
    () => rest.close(),
    () => server.close(),
    () => state.close(),
  );
});
afterEach(async () => {
  for (const end of ended.splice(0)) await end();
});

async function listen(with_: OpenStack | null) {
  const source = await openMetricSource(
    { kind: 'aetos', interval: 1, timeout: 5, rate_window: 60 },
    {
      ...{ cloud: 'cloud', ingests: true, openstack: with_, metrics: metricTable([]), oldest: 600 },
      service: { store: state.store, ingested$: new Subject<Ingested>() },
    },
  );
  const got: Measurement[] = [];
  const events: SourceEvent[] = [];
  source.events$.subscribe((event) => events.push(event));
  const subscription = source.samples$.subscribe(({ measurements }) => got.push(...measurements));
  ended.unshift(() => subscription.unsubscribe());
  return { got, events };
}

describe('Aetos', () => {
  it('is found in the catalog and asked with a token of keystone, for what Ceilometer writes', async () => {
    const { got, events } = await listen(openstack);
    await expect
      .poll(() => got.find(({ metric }) => metric === 'memory_used'))
      .toMatchObject({
        ...{ labels: { resource: 'uuid-1' }, value: 512, provision: { by: 'aetos', of: 'instance' } },
      });
    await expect.poll(() => events.at(-1)?.kind).toBe('connected');
    expect(new Set(tokens.map((token) => token !== ''))).toEqual(new Set([true]));
    expect(asked.some((url) => url.startsWith('/api/v1/query?query=ceilometer_memory_usage&time='))).toBe(true);
  });

  it('says what is missing where there is no keystone', async () => {
    const { events } = await listen(null);
    await expect.poll(() => events.at(-1)?.detail).toContain('set openstack');
  });
});
