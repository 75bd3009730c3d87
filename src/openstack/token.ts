import type { CatalogEntry } from './catalog.ts';
import { ApiError } from './errors.ts';
import type { Credentials, DomainName, Named, Scope } from './options.ts';

/** A token of keystone. */
export interface Token {
  readonly id: string;
  /** When it is to be renewed, in microseconds since 1970 by our clock: some time before keystone takes it back. */
  readonly renewAt: number;
  readonly catalog: readonly CatalogEntry[];
}

const MICROS_PER_MILLI = 1000;
/** A token is renewed when a tenth of its life is left, at most this long before its end. */
const LONGEST_MARGIN = 120_000_000;

/** The body of `POST /v3/auth/tokens`. */
export function tokenRequest(credentials: Exclude<Credentials, { kind: 'none' }>): unknown {
  switch (credentials.kind) {
    case 'password':
      return {
        auth: {
          identity: {
            methods: ['password'],
            password: { user: { ...named(credentials.user), password: credentials.password } },
          },
          scope: scopeOf(credentials.scope),
        },
      };
    case 'token':
      return {
        auth: {
          identity: { methods: ['token'], token: { id: credentials.token } },
          scope: scopeOf(credentials.scope),
        },
      };
    case 'application_credential': {
      const { credential, secret } = credentials;
      // It holds its own project, so that a scope would be refused.
      const one = 'id' in credential ? { id: credential.id } : { name: credential.name, user: named(credential.user) };
      return {
        auth: { identity: { methods: ['application_credential'], application_credential: { ...one, secret } } },
      };
    }
  }
}

/** Reads keystone's answer. `received` in µs by our clock: only the length of a token's life is taken from keystone's. */
export function tokenFrom(id: string | undefined, body: unknown, received: number, where: string): Token {
  const token = (body as { token?: Record<string, unknown> } | null)?.token;
  const life = Date.parse(String(token?.expires_at)) - Date.parse(String(token?.issued_at));
  if (id === undefined || id === '' || Number.isNaN(life))
    throw new ApiError('unreadable', where, 'the answer holds no token: is this keystone v3?');
  const lifeMicros = life * MICROS_PER_MILLI;
  const renewAt = received + lifeMicros - Math.min(lifeMicros / 10, LONGEST_MARGIN);
  const catalog = Array.isArray(token?.catalog) ? (token.catalog as CatalogEntry[]) : [];
  return { id, renewAt, catalog };
}

function named(one: Named): object {
  return 'id' in one ? { id: one.id } : { name: one.name, domain: domain(one.domain) };
}

function domain(one: DomainName): object {
  return 'id' in one ? { id: one.id } : { name: one.name };
}

function scopeOf(scope: Scope): unknown {
  switch (scope.kind) {
    case 'system':
      return { system: { all: true } };
    case 'domain':
      return { domain: domain(scope.domain) };
    case 'project':
      return { project: named(scope.project) };
  }
}
