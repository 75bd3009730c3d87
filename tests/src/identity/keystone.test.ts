import { describe, expect, it } from 'vitest';
import { KeystoneTokens } from '../../../src/identity/keystone.ts';
import { ApiError } from '../../../src/openstack/errors.ts';
import type { Answer, Ask } from '../../../src/openstack/http.ts';

const SECOND = 1_000;

/** keystone as far as tokens are concerned: what it answers to each, and what it was asked. */
function keystone(tokens: Record<string, unknown>, options: { cacheMillis?: number } = {}) {
  const asked: string[] = [];
  const clock = { now: Date.UTC(2026, 0, 1) };
  const http = {
    ask: async (ask: Ask): Promise<Answer> => {
      const token = ask.headers?.['x-subject-token'] ?? '';
      asked.push(token);
      const body = tokens[token];
      if (body instanceof Error) throw body;
      const status = body === undefined ? 401 : 200;
      return {
        status,
        headers: {},
        body: body === undefined ? null : { token: body },
        requestId: '',
        sent: 0,
        received: 0,
      };
    },
  };
  const cacheMillis = options.cacheMillis ?? 300 * SECOND;
  const urls = { authUrl: 'http://keystone:5000/v3', publicUrl: 'https://identity/v3' };
  const tokensOf = new KeystoneTokens(http, { ...urls, cacheMillis }, () => clock.now);
  const identify = (token: string) => tokensOf.identify({ 'x-auth-token': token });
  return { identify, asked, clock, challenges: tokensOf.challenges };
}

const ALICE = {
  user: { id: 'alice' },
  project: { id: 'p1' },
  roles: [{ name: 'member' }, { name: 'reader' }],
  expires_at: '2026-01-01T01:00:00.000000Z',
};

describe('a token', () => {
  it('says who asks, in which project, with which roles', async () => {
    const { identify } = keystone({ good: ALICE });
    expect(await identify('good')).toEqual({ user: 'alice', project: 'p1', roles: ['member', 'reader'] });
  });

  it('is asked for once, however many use it at once, until the word is too old', async () => {
    const { identify, asked, clock } = keystone({ good: ALICE });
    await Promise.all([identify('good'), identify('good'), identify('good')]);
    await identify('good');
    expect(asked).toEqual(['good']);
    clock.now += 301 * SECOND;
    await identify('good');
    expect(asked).toHaveLength(2);
  });

  it('is not believed beyond its end', async () => {
    const { identify, asked, clock } = keystone({ good: ALICE }, { cacheMillis: 86_400 * SECOND });
    await identify('good');
    clock.now = Date.parse(ALICE.expires_at) + 1;
    await identify('good');
    expect(asked).toHaveLength(2);
  });

  it('that keystone does not know is nobody’s, and is asked for again soon', async () => {
    const { identify, asked, clock } = keystone({});
    expect(await identify('bad')).toBeNull();
    expect(await identify('bad')).toBeNull();
    clock.now += 11 * SECOND;
    await identify('bad');
    expect(asked).toHaveLength(2);
  });

  it.each(['', 'line\nbreak', 'ümlaut'])('cannot be %j', async (token) => {
    const { identify, asked } = keystone({});
    expect(await identify(token)).toBeNull();
    expect(asked).toEqual([]);
  });

  it('cannot be judged while keystone cannot be asked, and then is', async () => {
    const tokens: Record<string, unknown> = { good: new ApiError('unreachable', 'GET /auth/tokens', 'no answer') };
    const { identify } = keystone(tokens);
    await expect(identify('good')).rejects.toMatchObject({ code: 'identity-unavailable', status: 503 });
    tokens.good = ALICE;
    expect(await identify('good')).toMatchObject({ user: 'alice' });
  });
});

it('sends those without a token to keystone', () => {
  expect(keystone({}).challenges).toEqual(['Keystone uri="https://identity/v3"']);
});
