import { createHash, timingSafeEqual } from 'node:crypto';
import type { Authenticator } from './authenticator.ts';
import { EVERYONE } from './identity.ts';

/** A header each: Chromium reads only the first challenge of one. */
const CHALLENGES = ['Bearer realm="vigil"', 'Basic realm="vigil", charset="UTF-8"'];

/** One token for all, who then may do everything. */
export function sharedToken(token: string): Authenticator {
  const wanted = digest(token);
  return {
    identify: ({ authorization }) => {
      const given = tokenOf(authorization);
      return given !== null && timingSafeEqual(digest(given), wanted) ? EVERYONE : null;
    },
    challenges: CHALLENGES,
    asksEverybody: true,
    hostNames: null,
  };
}

/** Browsers cannot send a bearer token with a page or an EventSource; they can send it as a password. */
function tokenOf(authorization: string | undefined): string | null {
  const match = /^(bearer|basic) +(\S+)\s*$/i.exec(authorization ?? '');
  const [, scheme, credentials] = match ?? [];
  if (scheme === undefined || credentials === undefined) return null;
  if (scheme.toLowerCase() === 'bearer') return credentials;
  const pair = Buffer.from(credentials, 'base64').toString('utf8');
  const colon = pair.indexOf(':');
  return colon < 0 ? null : pair.slice(colon + 1);
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
