import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ApiLimits } from '../../../../src/api/options.ts';
import type { Api } from '../../../../src/api/routes/route.ts';
import { type TestState, testState } from '../state.ts';
import { ask, faultOf, servedV1 } from './served.ts';

let state: TestState;
let api: Api;

beforeAll(async () => {
  state = await testState();
});
afterEach(() => api.close());
afterAll(() => state.close());

async function serve(limits: Partial<ApiLimits>): Promise<void> {
  api = await servedV1(state, { limits });
}

describe('pages of another origin', () => {
  const DASHBOARD = 'https://dashboard.example.org';

  it('may ask, once their origin is allowed, with what clients send', async () => {
    await serve({ cors_origins: [DASHBOARD] });
    const preflight = await api.inject({
      method: 'OPTIONS',
      url: '/v1/audits',
      headers: { origin: DASHBOARD, 'access-control-request-method': 'PATCH' },
    });
    expect(preflight.statusCode).toBe(204);
    expect(preflight.headers['access-control-allow-origin']).toBe(DASHBOARD);
    expect(preflight.headers['access-control-allow-methods']).toContain('PATCH');
    for (const name of ['x-auth-token', 'openstack-api-version', 'content-type'])
      expect(preflight.headers['access-control-allow-headers']).toContain(name);
  });

  it('read answers and refusals with their versions, which caches keep apart by origin and version', async () => {
    await serve({ cors_origins: [DASHBOARD] });
    for (const url of ['/v1/goals/dummy', '/v1/goals/none']) {
      const { headers } = await ask(api, url, { headers: { origin: DASHBOARD } });
      expect(headers['access-control-allow-origin']).toBe(DASHBOARD);
      expect(headers['access-control-expose-headers']).toContain('openstack-api-maximum-version');
      expect(headers.vary).toBe('Origin, OpenStack-API-Version');
    }
  });

  it('are not named to their browsers otherwise', async () => {
    await serve({ cors_origins: [DASHBOARD] });
    const { headers } = await ask(api, '/v1/goals/dummy', { headers: { origin: 'https://elsewhere.example.org' } });
    expect(headers['access-control-allow-origin']).toBeUndefined();
  });
});

describe('limits', () => {
  it('of a body are told in the form of this API', async () => {
    await serve({ max_body: 1_000 });
    const payload = { name: 'x'.repeat(2_000), goal: 'dummy' };
    const answer = await ask(api, '/v1/audit_templates', { method: 'POST', payload });
    expect([answer.statusCode, faultOf(answer)]).toEqual([413, expect.stringContaining('at most 1000 bytes')]);
  });

  it('of requests are told in the form of this API, with when to come again', async () => {
    await serve({ requests_per_second: 2 });
    const answers = await Promise.all([1, 2, 3, 4, 5, 6].map(() => ask(api, '/v1/goals/dummy')));
    const refused = answers.find(({ statusCode }) => statusCode === 429);
    if (refused === undefined) throw new Error('all were answered');
    expect(faultOf(refused)).toContain('More than 2 requests in a second');
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
  });
});
