import { connect } from 'node:net';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Api } from '../../../src/api/routes/route.ts';
import { trustedHeaders } from '../../../src/identity/headers.ts';
import { open } from '../../../src/identity/open.ts';
import { sharedToken } from '../../../src/identity/shared-token.ts';
import { access, testApi } from './api.ts';
import { EventReader } from './event-reader.ts';
import { deleted, hostFacts, instanceFacts, moved, type TestState, testState } from './state.ts';

let state: TestState;
let api: Api;

beforeEach(async () => {
  state = await testState();
  await state.tell([...hostFacts('h1'), ...instanceFacts('a', 'h1')]);
  api = testApi(state);
});

afterEach(async () => {
  await api.close();
  await state.close();
});

describe('a token', () => {
  const TOKEN = '0123456789abcdef';
  const basic = (password: string): string => `Basic ${Buffer.from(`any:${password}`).toString('base64')}`;

  it('is asked for by every address but signs of life', async () => {
    await api.close();
    api = testApi(state, { access: access(sharedToken(TOKEN)) });
    for (const url of [
      '/',
      '/model/hosts',
      '/model/changes',
      '/metrics',
      '/readyz',
      '/docs/',
      '/openapi.json',
      '/page/main.js',
      '/none',
    ]) {
      const answer = await api.inject(url);
      expect([url, answer.statusCode, answer.json().error.code]).toEqual([url, 401, 'unauthenticated']);
      expect(answer.headers['www-authenticate']).toEqual([
        'Bearer realm="vigil"',
        'Basic realm="vigil", charset="UTF-8"',
      ]);
    }
    for (const url of ['/healthz', '/healthcheck']) expect((await api.inject(url)).statusCode).toBe(200);
  });

  it.each([
    [`Bearer ${TOKEN}`, 200],
    [`bearer ${TOKEN}`, 200],
    [basic(TOKEN), 200],
    [`Bearer ${TOKEN}0`, 401],
    ['Bearer ', 401],
    [basic(''), 401],
    ['Basic !', 401],
    [TOKEN, 401],
  ])('sent as %j gives %i', async (authorization, status) => {
    await api.close();
    api = testApi(state, { access: access(sharedToken(TOKEN)) });
    expect((await api.inject({ url: '/model/hosts', headers: { authorization } })).statusCode).toBe(status);
  });
});

describe('a member of a project', () => {
  const headers = { 'x-roles': 'member', 'x-project-id': 'project-2' };

  it('sees its instances and nothing else', async () => {
    await state.tell(instanceFacts('own', 'h1', { project: 'project-2' }));
    await api.close();
    api = testApi(state, { access: access(trustedHeaders()) });
    const uuids = async (url: string) =>
      (await api.inject({ url, headers })).json().instances.map(({ uuid }: { uuid: string }) => uuid);
    expect(await uuids('/model/instances')).toEqual(['own']);
    expect(await uuids('/model/instances?project=project-1')).toEqual(['own']);
    const status = async (url: string) => (await api.inject({ url, headers })).statusCode;
    expect(await status('/model/instances/own')).toBe(200);
    expect(await status('/model/instances/a')).toBe(404);
    for (const url of ['/model/hosts', '/model/stats', '/model/dead-letters', '/model/instances/own/placements'])
      expect([url, await status(url)]).toEqual([url, 403]);
  });

  it('is told of their changes and of no others', async () => {
    await state.tell(instanceFacts('own', 'h1', { project: 'project-2' }));
    await api.close();
    api = testApi(state, { access: access(trustedHeaders()) });
    const url = await api.listen({ port: 0 });
    const stream = await fetch(`${url}/model/changes?snapshot=true&project=project-1`, { headers });
    const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    while (!text.includes('synced-snapshot')) text += (await reader?.read())?.value ?? '';
    await reader?.cancel();
    expect(text).toContain('"own"');
    expect(text).not.toMatch(/"uuid":"a"|"name":"h1"/);
  });

  it('who comes back after long starts over, rather than being told what went elsewhere', async () => {
    await state.tell(instanceFacts('own', 'h1', { project: 'project-2' }));
    const place = state.model.revision;
    await state.tell([deleted('a'), ...hostFacts('h2'), moved('own', 'h2')]);
    await api.close();
    api = testApi(state, { access: access(trustedHeaders()) });
    const address = await api.listen({ port: 0 });
    const reader = await EventReader.connect(address, `/model/changes?after=${place}`, headers);
    expect((await reader.next()).name).toBe('resync');
    await state.tell([moved('own', 'h1'), ...instanceFacts('b', 'h1'), deleted('b')]);
    await reader.reached(state.model.revision);
    expect(reader.rest().map(({ data }) => data.id)).toEqual(['own']);
    reader.close();
  });

  it('who comes back soon goes on where it was, and is told nothing of others', async () => {
    await api.close();
    await state.tell(instanceFacts('own', 'h1', { project: 'project-2' }));
    api = testApi(state, { access: access(trustedHeaders()) });
    const address = await api.listen({ port: 0 });
    const place = state.model.revision;
    await state.tell([deleted('a'), ...hostFacts('h2'), moved('own', 'h2')]);
    await state.tell([deleted('own')]);
    const reader = await EventReader.connect(address, `/model/changes?after=${place}`, headers);
    await reader.reached(state.model.revision);
    expect(reader.rest().map(({ data }) => [data.id, data.change])).toEqual([
      ['own', 'changed'],
      ['own', 'removed'],
    ]);
    reader.close();
  });

  it('without a project sees nothing', async () => {
    await api.close();
    api = testApi(state, { access: access(trustedHeaders()) });
    expect((await api.inject({ url: '/model/instances', headers: { 'x-roles': 'member' } })).statusCode).toBe(403);
  });
});

describe('a name', () => {
  const ask = async (host: string): Promise<number> =>
    (await api.inject({ url: '/model/hosts', headers: { host } })).statusCode;

  it.each(['localhost', 'LOCALHOST:9322', '127.0.0.1:9322', '[::1]:9322', '10.0.0.1'])(
    'that is ours is %s',
    async (host) => {
      expect(await ask(host)).toBe(200);
    },
  );

  it.each(['evil.example', 'localhost.evil.example:9322', '127.0.0.1.evil.example'])(
    'that is not ours is %s',
    async (host) => {
      expect(await ask(host)).toBe(421);
    },
  );

  it('may be any where the operator says so, or where a token is asked for', async () => {
    await api.close();
    api = testApi(state, { access: access(open(true)) });
    expect(await ask('vigil.example')).toBe(200);
    await api.close();
    api = testApi(state, { access: access(sharedToken('0123456789abcdef')) });
    expect(await ask('vigil.example')).toBe(401);
  });
});

describe('browsers', () => {
  it('are told to run and load only what is served here, and to let nobody else read it', async () => {
    for (const url of ['/', '/model/hosts', '/none']) {
      const { headers } = await api.inject({ url, headers: { origin: 'http://elsewhere', accept: 'text/html' } });
      expect(headers['content-security-policy']).toContain("default-src 'none'; script-src 'self'; style-src 'self'");
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['access-control-allow-origin']).toBeUndefined();
    }
  });

  it.each([
    ['text/html,application/xhtml+xml,*/*;q=0.8', 'text/html'],
    ['*/*', 'application/json'],
    [undefined, 'application/json'],
    ['application/json, text/html;q=0', 'application/json'],
    ['text/htmlx', 'application/json'],
  ])('that accept %s get %s at /', async (accept, type) => {
    const answer = await api.inject({ url: '/', headers: accept === undefined ? {} : { accept } });
    expect(answer.headers['content-type']).toContain(type);
    expect(answer.headers.vary).toBe('accept');
  });

  it('get nothing of the page’s folder that is not part of it', async () => {
    for (const url of [
      '/page/tsconfig.json',
      '/page/index.html',
      '/page/../package.json',
      '/page/%2e%2e/package.json',
    ]) {
      expect([url, (await api.inject(url)).statusCode]).toEqual([url, 404]);
    }
    expect((await api.inject('/page/style.css')).statusCode).toBe(200);
  });
});

describe('limits', () => {
  it('are told: long addresses, too many requests', async () => {
    const long = await api.inject(`/model/hosts?az=${'x'.repeat(9_000)}`);
    expect([long.statusCode, long.json().error.code]).toEqual([414, 'url-too-long']);
    await api.close();
    api = testApi(state, { limits: { requests_per_second: 2 } });
    const answers = await Promise.all([1, 2, 3, 4].map(() => api.inject('/model/hosts')));
    const refused = answers.filter(({ statusCode }) => statusCode === 429);
    expect(refused.length).toBeGreaterThanOrEqual(2);
    expect(refused[0]?.json().error.code).toBe('too-many-requests');
    expect((await api.inject('/healthz')).statusCode).toBe(200);
  });

  it('are told: bodies, methods, addresses', async () => {
    const answer = await api.inject({ method: 'POST', url: '/model/hosts', payload: 'x'.repeat(2_000_000) });
    expect([answer.statusCode, answer.json().error.code]).toEqual([404, 'not-found']);
    expect((await api.inject('/modell/hosts')).json().error.message).toBe('There is nothing at GET /modell/hosts.');
  });
});

describe('hostile input', () => {
  const KNOWN = new Set([200, 400, 404, 414]);

  it('is answered with a clear refusal, never with a failure', async () => {
    const part = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.constantFrom(
        '__proto__',
        'constructor',
        '../../etc/passwd',
        '\0',
        '%',
        '%zz',
        "' OR 1=1",
        '<script>',
        '-1',
        '1e9',
        'NaN',
      ),
    );
    const path = fc.constantFrom(
      'hosts',
      'instances',
      'aggregates',
      'server-groups',
      'dead-letters',
      'stats',
      'hosts/h1/instances',
    );
    const key = fc.oneof(
      part,
      fc.constantFrom('host', 'state', 'metadata', 'marker', 'limit', 'fields', 'sort_key', 'explain', 'up'),
    );
    await fc.assert(
      fc.asyncProperty(
        path,
        fc.array(fc.tuple(key, part), { maxLength: 4 }),
        fc.boolean(),
        async (list, pairs, raw) => {
          const encode = raw ? (text: string): string => text.replace(/[^!-~]|[#?]/g, '') : encodeURIComponent;
          const query = pairs.map(([name, value]) => `${encode(name)}=${encode(value)}`).join('&');
          const answer = await api.inject(`/model/${list}?${query}`);
          expect(KNOWN, `${query}: ${answer.body}`).toContain(answer.statusCode);
          if (answer.statusCode !== 200) expect(answer.json().error.what_to_do).not.toBe('');
        },
      ),
      { numRuns: 500 },
    );
  });

  it.each(['?host=%zz', '?host=%ff', '?host=%E0%A4%A', '?name=100%'])(
    'in a filter that cannot be read is refused, as it would let nothing pass: %s',
    async (query) => {
      const answer = await api.inject(`/model/instances${query}`);
      expect([answer.statusCode, answer.json().error.code]).toEqual([400, 'bad-request']);
      expect(answer.json().error.message).toContain('%');
    },
  );

  it.each([
    ['no HTTP', 'GARBAGE\r\n\r\n', 400, 'bad-request'],
    ['too many headers', `GET /model/hosts HTTP/1.1\r\nx-a: ${'x'.repeat(20_000)}\r\n\r\n`, 431, 'headers-too-large'],
  ])('that is %s is told so in the form of all errors', async (_, sent, status, code) => {
    const { port } = new URL(await api.listen({ port: 0, host: '127.0.0.1' }));
    const answer = await new Promise<string>((resolve, reject) => {
      let text = '';
      const socket = connect({ port: Number(port), host: '127.0.0.1' }, () => socket.write(sent));
      socket.on('data', (part) => {
        text += part;
      });
      socket.on('error', reject).on('close', () => resolve(text));
    });
    const [head = '', body = ''] = answer.split('\r\n\r\n');
    expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(JSON.parse(body).error).toMatchObject({ code, what_to_do: expect.stringMatching(/./) });
  });

  it('as an id is answered likewise', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: 'binary', minLength: 1, maxLength: 400 }).filter((id) => id !== 'a' && id !== 'h1'),
        fc.constantFrom('hosts', 'instances'),
        async (id, kind) => {
          const answer = await api.inject(`/model/${kind}/${encodeURIComponent(id)}`);
          expect([400, 404]).toContain(answer.statusCode);
          expect(answer.json().error.message).not.toContain('undefined');
        },
      ),
      { numRuns: 300 },
    );
    for (const url of [
      '/model/hosts/%',
      '/model/hosts/%ff',
      '/model/instances/%00',
      '/%',
      '/model//hosts',
      '/model/hosts/h1/',
    ]) {
      const answer = await api.inject(url);
      expect([400, 404], url).toContain(answer.statusCode);
      expect(answer.json().error.what_to_do, url).toBeTypeOf('string');
    }
  });

  it.each([
    'GET /model/hosts HTTP/1.1\r\n\r\n',
    'GET http://[ HTTP/1.1\r\nHost: x\r\n\r\n',
    `GET / HTTP/1.1\r\nHost: x\r\nX: ${'y'.repeat(100_000)}\r\n\r\n`,
    'nonsense\r\n\r\n',
    'GET / HTTP/9.9\r\nHost: x\r\n\r\n',
  ])('that is hardly HTTP is refused: %j', async (bytes) => {
    const { port } = new URL(await api.listen({ port: 0 }));
    const status = await new Promise<string>((resolve, reject) => {
      const socket = connect({ port: Number(port) }, () => socket.write(bytes));
      socket.once('data', (data) => resolve(data.toString('latin1').split('\r\n')[0] ?? ''));
      socket.on('error', reject);
    });
    expect(status).toMatch(/^HTTP\/1\.1 (4\d\d|505) /);
    expect((await api.inject('/healthz')).statusCode).toBe(200);
  });
});
