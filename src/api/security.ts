import { createHash, timingSafeEqual } from 'node:crypto';
import { isIP } from 'node:net';
import type { FastifyRequest } from 'fastify';
import { VigilError } from '../errors.ts';
import type { ApiOptions } from './options.ts';
import type { Api } from './routes/route.ts';

/** Only what the page itself brings may run or be loaded; nobody may frame it. */
const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Swagger UI sets styles from its scripts, and asks this server for what is tried out. */
const DOCS_POLICY = PAGE_POLICY.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'");

const HEADERS = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

/** The longest address (path and query) that is read. */
export const MAX_URL_LENGTH = 8_192;

/** Whether an address is open to all: only the sign of life, which tells nothing. */
function isOpen(request: FastifyRequest): boolean {
  return request.routeOptions.url === '/healthz';
}

/** Headers for browsers on every answer, a limit on addresses, and the token if one is asked for. */
export function secure(api: Api, { token, publicAccess }: Pick<ApiOptions, 'token' | 'publicAccess'>): void {
  const wanted = token === null ? null : digest(token);
  api.addHook('onRequest', async (request, reply) => {
    const docs = request.url.startsWith('/docs');
    reply.headers({ ...HEADERS, 'content-security-policy': docs ? DOCS_POLICY : PAGE_POLICY });
    const { length } = request.url;
    if (length > MAX_URL_LENGTH) throw new VigilError('url-too-long', { length, limit: MAX_URL_LENGTH });
    if (isOpen(request)) return;
    if (wanted === null && !publicAccess) refuseForeignNames(request.host);
    if (wanted === null) return;
    const given = tokenOf(request.headers.authorization);
    if (given !== null && timingSafeEqual(digest(given), wanted)) return;
    reply.header('www-authenticate', CHALLENGES);
    throw new VigilError('unauthenticated', { problem: given === null ? '' : '; the one sent is not right' });
  });
}

/**
 * A web page of anywhere can have its own name point to this machine and then read from here as if it were its own server
 * (DNS rebinding); it cannot have an address or `localhost` as its name.
 */
function refuseForeignNames(host: string): void {
  const name = host.replace(/:\d*$/, '').replace(/^\[(.*)\]$/, '$1');
  if (isIP(name) === 0 && name.toLowerCase() !== 'localhost') throw new VigilError('wrong-host', { host });
}

/** A header each: Chromium reads only the first challenge of one. */
const CHALLENGES = ['Bearer realm="vigil"', 'Basic realm="vigil", charset="UTF-8"'];

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
