import { pino } from 'pino';
import { buildApi } from '../../../src/api/build-api.ts';
import type { Access } from '../../../src/api/identify.ts';
import type { ApiOptions } from '../../../src/api/options.ts';
import type { Api } from '../../../src/api/routes/route.ts';
import type { Authenticator } from '../../../src/identity/authenticator.ts';
import { open } from '../../../src/identity/open.ts';
import { Policy, type PolicyOverrides } from '../../../src/identity/policy.ts';
import type { ServiceState } from '../../../src/service-state.ts';

const LIMITS = {
  requests_per_second: 100_000,
  max_body: 1_048_576,
  max_subscribers: 20,
  changes_kept: 10_000,
  heartbeat: 15,
  busy_limit: 0,
};

/** Access with the policy as it is shipped, but for some rules. */
export function access(authenticator: Authenticator, overrides: PolicyOverrides = {}): Access {
  return { authenticator, policy: new Policy(overrides) };
}

/** The API of a state, as it is but silent. */
export function testApi(
  state: ServiceState,
  options: Partial<Omit<ApiOptions, 'limits'>> & { limits?: Partial<ApiOptions['limits']> } = {},
): Api {
  const { limits, ...rest } = options;
  return buildApi(state, {
    log: pino({ level: 'silent' }),
    version: '0.0.0',
    access: access(open(false)),
    ...rest,
    limits: { ...LIMITS, ...limits },
  });
}
