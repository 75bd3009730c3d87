import { VigilError } from '../errors.ts';
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

/** A filter that cannot be read would let nothing pass, as one that nothing matches does. */
function assertDecodable(url: string): void {
  try {
    decodeURIComponent(url);
  } catch {
    throw new VigilError('bad-request', { problem: 'the address has a % that does not begin the code of a character' });
  }
}

/** Headers for browsers and for those who look into logs on every answer, and a limit on addresses. */
export function secure(api: Api): void {
  api.addHook('onRequest', async (request, reply) => {
    const docs = request.url.startsWith('/docs');
    reply.headers({
      ...HEADERS,
      'content-security-policy': docs ? DOCS_POLICY : PAGE_POLICY,
      'x-openstack-request-id': request.id,
    });
    const { length } = request.url;
    assertDecodable(request.url);
    if (length > MAX_URL_LENGTH) throw new VigilError('url-too-long', { length, limit: MAX_URL_LENGTH });
  });
}
