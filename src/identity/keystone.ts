import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { VigilError } from '../errors.ts';
import { ApiError } from '../openstack/errors.ts';
import type { HttpClient } from '../openstack/http.ts';
import { identityEndpoint } from '../openstack/session.ts';
import type { Authenticator } from './authenticator.ts';
import type { Identity } from './identity.ts';

export interface KeystoneOptions {
  /** keystone's address, with or without version. */
  readonly authUrl: string;
  /** The address that callers without a token are sent to. */
  readonly publicUrl: string;
  /** For how long what keystone said of a token is believed, in milliseconds; a token that ends earlier is not. */
  readonly cacheMillis: number;
}

/** What is remembered of one token; null when keystone does not know it. */
interface Known {
  readonly identity: Identity | null;
  readonly until: number;
}

const MOST_KNOWN = 10_000;
/** A wrong token is asked for again soon: it may be one that keystone has not spread yet. */
const UNKNOWN_MILLIS = 10_000;
const ASKING_MILLIS = 15_000;

/** Whether and whose a token is, as keystone says; remembered for a while. A token vouches for itself, so no other is needed. */
export class KeystoneTokens implements Authenticator {
  readonly challenges: readonly string[];
  readonly asksEverybody = false;
  readonly hostNames = null;
  readonly #http: Pick<HttpClient, 'ask'>;
  readonly #options: KeystoneOptions;
  readonly #now: () => number;
  /** By digest, the one last asked for at the end. */
  readonly #known = new Map<string, Known>();
  readonly #asking = new Map<string, Promise<Known>>();

  constructor(http: Pick<HttpClient, 'ask'>, options: KeystoneOptions, now: () => number = Date.now) {
    this.#http = http;
    this.#options = options;
    this.#now = now;
    this.challenges = [`Keystone uri="${options.publicUrl}"`];
  }

  async identify(headers: IncomingHttpHeaders): Promise<Identity | null> {
    const token = headers['x-auth-token'];
    if (typeof token !== 'string' || token === '' || !/^[\x21-\x7e]+$/.test(token)) return null;
    const key = createHash('sha256').update(token).digest('base64');
    const known = this.#known.get(key);
    if (known !== undefined && known.until > this.#now()) return known.identity;
    let asking = this.#asking.get(key);
    if (asking === undefined) {
      asking = this.#ask(token).finally(() => this.#asking.delete(key));
      this.#asking.set(key, asking);
    }
    const answer = await asking;
    this.#remember(key, answer);
    return answer.identity;
  }

  #remember(key: string, known: Known): void {
    this.#known.delete(key);
    this.#known.set(key, known);
    const [oldest] = this.#known.keys();
    if (this.#known.size > MOST_KNOWN && oldest !== undefined) this.#known.delete(oldest);
  }

  async #ask(token: string): Promise<Known> {
    const now = this.#now();
    try {
      const answer = await this.#http.ask({
        method: 'GET',
        endpoint: identityEndpoint(this.#options.authUrl),
        path: '/auth/tokens?nocatalog',
        headers: { 'x-auth-token': token, 'x-subject-token': token },
        accept: [400, 401, 403, 404],
        signal: AbortSignal.timeout(ASKING_MILLIS),
      });
      if (answer.status >= 400) return { identity: null, until: now + UNKNOWN_MILLIS };
      const { identity, expiresAt } = readToken(answer.body);
      return { identity, until: Math.min(expiresAt, now + this.#options.cacheMillis) };
    } catch (error) {
      if (error instanceof ApiError)
        throw new VigilError('identity-unavailable', { problem: error.message }, { cause: error });
      throw error;
    }
  }
}

/** What keystone tells of a token, as far as it matters here; what it leaves out is unknown, not an error. */
function readToken(body: unknown): { readonly identity: Identity; readonly expiresAt: number } {
  const token = (body as { token?: TokenBody } | null)?.token;
  const roles = Array.isArray(token?.roles) ? token.roles : [];
  const expiresAt = Date.parse(String(token?.expires_at));
  return {
    identity: {
      user: token?.user?.id ?? null,
      project: token?.project?.id ?? null,
      roles: roles.flatMap(({ name }) => (typeof name === 'string' ? [name] : [])),
    },
    expiresAt: Number.isNaN(expiresAt) ? 0 : expiresAt,
  };
}

interface TokenBody {
  readonly roles?: readonly { readonly name?: unknown }[];
  readonly expires_at?: string;
  readonly user?: { readonly id?: string };
  readonly project?: { readonly id?: string };
}
