import type { Logger } from 'pino';
import type { Access } from './api/identify.ts';
import type { Config } from './config/schema/config.ts';
import type { Ending } from './ending.ts';
import type { Authenticator } from './identity/authenticator.ts';
import { trustedHeaders } from './identity/headers.ts';
import { KeystoneTokens } from './identity/keystone.ts';
import { open } from './identity/open.ts';
import { Policy } from './identity/policy.ts';
import { sharedToken } from './identity/shared-token.ts';
import { tlsMaterial } from './openstack/connect.ts';
import { HttpClient } from './openstack/http.ts';
import { HTTP_DEFAULTS } from './openstack/options.ts';

const MILLIS_PER_SECOND = 1_000;

/** Who may ask for what, as configured. */
export async function accessOf(config: Config, log: Logger, ending: Ending): Promise<Access> {
  return { authenticator: await authenticatorOf(config, log, ending), policy: new Policy(config.policy) };
}

async function authenticatorOf({ identity }: Config, log: Logger, ending: Ending): Promise<Authenticator> {
  switch (identity.kind) {
    case 'open':
      return open(identity.public_access, identity.host_names);
    case 'token':
      return sharedToken(identity.token ?? '');
    case 'headers':
      return trustedHeaders(identity.host_names);
    case 'keystone': {
      const { ca = null, cert = null, key = null, verify } = identity.tls;
      const http = new HttpClient(HTTP_DEFAULTS, await tlsMaterial({ cacert: ca, cert, key, verify }), log);
      ending.add(() => http.close());
      return new KeystoneTokens(http, {
        authUrl: identity.auth_url,
        publicUrl: identity.public_url ?? identity.auth_url,
        cacheMillis: identity.cache * MILLIS_PER_SECOND,
      });
    }
  }
}
