import pino from 'pino';
import { afterEach, describe, expect, it } from 'vitest';
import { ApiError } from '../../../src/openstack/errors.ts';
import { HttpClient, type HttpWorld } from '../../../src/openstack/http.ts';
import { HTTP_DEFAULTS, type HttpOptions } from '../../../src/openstack/options.ts';
import { RETRY } from '../../../src/openstack/retry.ts';
import { FakeHttp, type Fault, type Heard, type Said } from './fake-http.ts';

const closing: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

interface Setup {
  readonly fake: FakeHttp;
  readonly client: HttpClient;
  readonly slept: number[];
  readonly logged: () => string;
}

async function setUp(
  answer: (heard: Heard) => Said | Promise<Said>,
  options: Partial<HttpOptions> = {},
): Promise<Setup> {
  const fake = await FakeHttp.start(answer);
  closing.push(() => fake.stop());
  const slept: number[] = [];
  const lines: string[] = [];
  const log = pino({ level: 'trace' }, { write: (line: string) => lines.push(line) });
  const world: Partial<HttpWorld> = {
    random: () => 0.5,
    sleep: async (millis) => void slept.push(millis),
  };
  const client = new HttpClient({ ...HTTP_DEFAULTS, ...options }, { rejectUnauthorized: true }, log, world);
  closing.push(() => client.close());
  return { fake, client, slept, logged: () => lines.join('') };
}

const everyRequest = (): boolean => true;
const get = (endpoint: string) => ({ method: 'GET', endpoint, path: '/servers?all_tenants=1' }) as const;

async function failure(asked: Promise<unknown>): Promise<ApiError> {
  try {
    await asked;
  } catch (error) {
    if (error instanceof ApiError) return error;
    throw error;
  }
  throw new Error('it did not fail');
}

describe('an answer', () => {
  it('is parsed, and comes with the request id of the service', async () => {
    const { fake, client } = await setUp(() => ({ body: { servers: [] } }));
    const answer = await client.ask(get(fake.url));
    expect(answer).toMatchObject({ status: 200, body: { servers: [] }, requestId: 'req-1' });
    expect(answer.received).toBeGreaterThanOrEqual(answer.sent);
  });

  it('may be empty', async () => {
    const { fake, client } = await setUp(() => ({ status: 204 }));
    expect((await client.ask(get(fake.url))).body).toBeNull();
  });

  it('of a status that the asker accepts is no failure', async () => {
    const { fake, client } = await setUp(() => ({ status: 404, body: { itemNotFound: { message: 'no' } } }));
    expect((await client.ask({ ...get(fake.url), accept: [404] })).status).toBe(404);
  });
});

it('passes the global request id on, and logs both ids', async () => {
  const { fake, client, logged } = await setUp(() => ({ body: {} }));
  await client.ask({ ...get(fake.url), globalRequestId: 'req-global' });
  expect(fake.heard[0]?.headers['x-openstack-request-id']).toBe('req-global');
  expect(logged()).toContain('"global_request_id":"req-global"');
  expect(logged()).toContain('"request_id":"req-1"');
});

describe('what may be gone the next time is tried again', () => {
  const faults: [string, Fault][] = [
    ['status 500', { match: everyRequest, times: 2, say: { status: 500 } }],
    ['status 503', { match: everyRequest, times: 2, say: { status: 503 } }],
    ['status 429', { match: everyRequest, times: 2, say: { status: 429 } }],
    ['a connection closed without an answer', { match: everyRequest, times: 2, act: 'close' }],
    ['half an answer', { match: everyRequest, times: 2, act: 'half' }],
    ['garbage', { match: everyRequest, times: 2, say: { text: '<html>busy</html>' } }],
  ];

  it.each(faults)('%s', async (_, fault) => {
    const { fake, client, slept } = await setUp(() => ({ body: { fine: true } }));
    fake.faults.push(fault);
    expect((await client.ask(get(fake.url))).body).toEqual({ fine: true });
    expect(fake.heard).toHaveLength(3);
    expect(slept).toEqual([250, 500]);
  });

  it('no answer in time', async () => {
    const { fake, client } = await setUp(() => ({ body: { fine: true } }), { timeoutSeconds: 4 });
    fake.faults.push({ match: everyRequest, times: 1, act: 'hang' });
    expect((await client.ask(get(fake.url))).body).toEqual({ fine: true });
    expect(fake.heard).toHaveLength(2);
  });

  it('says when it is no answer in time, again and again', async () => {
    const { fake, client } = await setUp(() => ({ body: {} }), { timeoutSeconds: 0.1 });
    fake.faults.push({ match: everyRequest, act: 'hang' });
    const error = await failure(client.ask(get(fake.url)));
    expect(error.failure).toBe('timeout');
    expect(error.message).toContain('no answer within 0.1 s, 4 times. The service is overloaded or cut off');
  });

  it('waits as long as the service asks, and somewhat longer', async () => {
    const { fake, client, slept } = await setUp(() => ({ body: {} }));
    fake.faults.push({ match: everyRequest, times: 1, say: { status: 429, headers: { 'retry-after': '7' } } });
    await client.ask(get(fake.url));
    expect(slept).toEqual([7250]);
  });

  it('gives up when the service asks for too long a wait', async () => {
    const { fake, client, slept } = await setUp(() => ({ body: {} }));
    fake.faults.push({ match: everyRequest, say: { status: 503, headers: { 'retry-after': '3600' } } });
    expect((await failure(client.ask(get(fake.url)))).failure).toBe('server-error');
    expect(slept).toEqual([]);
  });

  it('gives up after so many tries', async () => {
    const { fake, client } = await setUp(() => ({ status: 500 }));
    const error = await failure(client.ask(get(fake.url)));
    expect(fake.heard).toHaveLength(RETRY.tries);
    expect(error.message).toBe(
      `GET /servers at ${fake.url} failed: status 500, 4 times (req-4). Look for the request id in the log of the service.`,
    );
  });
});

describe('what would be the same the next time is not tried again', () => {
  it.each([
    [400, 'refused'],
    [401, 'unauthorized'],
    [403, 'forbidden'],
    [404, 'not-found'],
    [302, 'redirected'],
  ] as const)('status %i', async (status, kind) => {
    const { fake, client } = await setUp(() => ({ status, body: { fault: { message: 'because of that' } } }));
    const error = await failure(client.ask(get(fake.url)));
    expect(error).toMatchObject({ failure: kind, status, requestId: 'req-1' });
    expect(error.message).toContain(`${status} because of that`);
    expect(fake.heard).toHaveLength(1);
  });

  it('a request that changes something, when it is not known whether it did', async () => {
    const { fake, client } = await setUp(() => ({ body: {} }));
    fake.faults.push({ match: everyRequest, act: 'close' });
    const change = { method: 'POST', endpoint: fake.url, path: '/servers', body: {} } as const;
    expect((await failure(client.ask(change))).failure).toBe('unreachable');
    expect(fake.heard).toHaveLength(1);
  });

  it('an answer that is too large', async () => {
    const { fake, client } = await setUp(() => ({ body: 'x'.repeat(10_000) }), { maxAnswerBytes: 1_000 });
    expect((await failure(client.ask(get(fake.url)))).failure).toBe('too-large');
    expect(fake.heard).toHaveLength(1);
  });

  it('what was stopped', async () => {
    const { fake, client } = await setUp(() => ({ body: {} }));
    const stop = new AbortController();
    const stopping = (): boolean => {
      setImmediate(() => stop.abort());
      return true;
    };
    fake.faults.push({ match: stopping, act: 'hang' });
    const asked = client.ask({ ...get(fake.url), signal: stop.signal });
    expect((await failure(asked)).failure).toBe('aborted');
    expect(fake.heard).toHaveLength(1);
  });
});

it('says when nobody listens at the address', async () => {
  const { fake, client } = await setUp(() => ({ body: {} }));
  const { url } = fake;
  await fake.stop();
  closing.shift();
  const error = await failure(client.ask(get(url)));
  expect(error.failure).toBe('unreachable');
  expect(error.message).toContain('the connection was refused, 4 times. Check the address');
});

it('says when a host name is not known', async () => {
  const { client } = await setUp(() => ({ body: {} }));
  const error = await failure(client.ask(get('http://nova.invalid:8774')));
  expect(error.failure).toBe('unreachable');
});

it('has no more requests under way at once than it may', async () => {
  let underWay = 0;
  let most = 0;
  const { fake, client } = await setUp(
    async () => {
      underWay += 1;
      most = Math.max(most, underWay);
      await new Promise((done) => setTimeout(done, 5));
      underWay -= 1;
      return { body: {} };
    },
    { concurrency: 3 },
  );
  await Promise.all(Array.from({ length: 20 }, () => client.ask(get(fake.url))));
  expect(fake.heard).toHaveLength(20);
  expect(most).toBe(3);
});

it('keeps queries, bodies and tokens out of messages and logs', async () => {
  const { fake, client, logged } = await setUp(() => ({ status: 500 }));
  const error = await failure(
    client.ask({
      method: 'POST',
      endpoint: fake.url,
      path: '/auth/tokens?secret=in-query',
      headers: { 'x-auth-token': 'secret-in-header' },
      body: { password: 'secret-in-body' },
      repeatable: true,
    }),
  );
  expect(`${error.message}${JSON.stringify(error)}${logged()}`).not.toMatch(/secret/);
});
