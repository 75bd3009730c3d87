import type { IncomingHttpHeaders } from 'node:http';
import type { Authenticator } from './authenticator.ts';
import { type Identity, NOBODY } from './identity.ts';

/**
 * Whoever stands before Vigil (an authenticating proxy) has found out who asks, and says so in `X-User-Id`, `X-Project-Id` and
 * `X-Roles`. Without them the caller is let in without a role.
 */
export function trustedHeaders(hostNames: readonly string[] = []): Authenticator {
  return {
    identify: identityFrom,
    challenges: [],
    asksEverybody: false,
    hostNames: new Set(hostNames.map((name) => name.toLowerCase())),
  };
}

function identityFrom(headers: IncomingHttpHeaders): Identity {
  const user = text(headers['x-user-id']);
  const project = text(headers['x-project-id']);
  const roles = (text(headers['x-roles']) ?? '')
    .split(',')
    .map((role) => role.trim())
    .filter((role) => role !== '');
  return user === null && project === null && roles.length === 0 ? NOBODY : { user, project, roles };
}

function text(header: string | string[] | undefined): string | null {
  const value = Array.isArray(header) ? header.join(',') : header;
  return value === undefined || value === '' ? null : value;
}
