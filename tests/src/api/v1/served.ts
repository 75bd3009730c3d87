import type { InjectOptions, Response } from 'light-my-request';
import type { ApiLimits } from '../../../../src/api/options.ts';
import type { Api } from '../../../../src/api/routes/route.ts';
import { Catalog } from '../../../../src/api/v1/catalog.ts';
import { serveV1 } from '../../../../src/api/v1/plugin.ts';
import { deskOn } from '../../../../src/audits/desk.ts';
import type { Authenticator } from '../../../../src/identity/authenticator.ts';
import { trustedHeaders } from '../../../../src/identity/headers.ts';
import type { PolicyOverrides } from '../../../../src/identity/policy.ts';
import { access, testApi } from '../api.ts';
import type { TestState } from '../state.ts';

export interface V1Options {
  readonly authenticator?: Authenticator;
  readonly policy?: PolicyOverrides;
  readonly maxLimit?: number;
  readonly own?: boolean;
  readonly limits?: Partial<ApiLimits>;
}

/** An API with `/v1`, whose callers say in headers who they are. */
export async function servedV1(state: TestState, options: V1Options = {}): Promise<Api> {
  const { authenticator = trustedHeaders(), policy = {}, maxLimit = 1_000, own = true, limits = {} } = options;
  const allowed = access(authenticator, policy);
  const desk = deskOn(state.store.ledger, Date.now);
  await desk.book.open();
  const scopeOf = () => ({ hasHost: () => true, hasInstance: () => true });
  const v1 = {
    state,
    desk,
    scopeOf,
    now: Date.now,
    catalog: new Catalog(own),
    policy: allowed.policy,
    maxLimit,
    since: '2026-01-01T00:00:00+00:00',
  };
  return testApi(state, { access: allowed, limits, parts: [{ routes: (api) => serveV1(api, v1) }] });
}

export const ADMIN = { 'x-roles': 'admin', accept: 'application/json' };

/** Asks as an administrator who accepts JSON, unless told otherwise. */
export function ask(api: Api, url: string, options: InjectOptions = {}): Promise<Response> {
  return api.inject({ url, method: 'GET', ...options, headers: { ...ADMIN, ...options.headers } });
}

/** The text of a refusal, which lies two documents deep. */
export function faultOf(response: Response): string {
  const { error_message } = response.json() as { error_message: string };
  return (JSON.parse(error_message) as { faultstring: string }).faultstring;
}
