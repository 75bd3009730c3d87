import type { Logger } from 'pino';
import { microsNow } from '../clock.ts';
import { endpointOf } from './catalog.ts';
import { ApiError } from './errors.ts';
import { type Answer, type Ask, type HttpClient, header } from './http.ts';
import type { Credentials, LookedUpServiceType, OpenStackOptions, ServiceType } from './options.ts';
import { type Token, tokenFrom, tokenRequest } from './token.ts';

/** A request to one service: the rest of {@link Ask} is the session's. */
export type ServiceAsk = Omit<Ask, 'endpoint' | 'headers'> & { readonly headers?: Readonly<Record<string, string>> };

/**
 * Being known to a cloud: gets a token when the first request needs one, renews it before it ends and when a service no
 * longer takes it, and finds the services' addresses.
 */
export class Session {
  readonly #http: HttpClient;
  readonly #options: OpenStackOptions;
  readonly #log: Logger;
  readonly #now: () => number;
  #token: Promise<Token> | null = null;
  /** The token of {@link #token} once it is there. */
  #held: Token | null = null;

  constructor(http: HttpClient, options: OpenStackOptions, log: Logger, now: () => number = microsNow) {
    this.#http = http;
    this.#options = options;
    this.#log = log;
    this.#now = now;
  }

  /** Whether the services know only a part of their APIs. */
  get partial(): boolean {
    return this.#options.partial === true;
  }

  /** The address of a service: the one configured, or that of the catalog. No slash at its end. */
  async endpoint(type: ServiceType | LookedUpServiceType): Promise<string> {
    const endpoints: Readonly<Record<string, string>> = this.#options.endpoints;
    const given = endpoints[type];
    if (given !== undefined) return given;
    if (this.#options.credentials.kind === 'none')
      throw new ApiError('no-endpoint', `Looking for the endpoint of ${type}`, 'without keystone there is no catalog');
    const { catalog } = await this.#current();
    return endpointOf(catalog, type, this.#options.interface, this.#options.region);
  }

  /** A token that holds for a while, for who asks a service by other means. Throws ApiError. */
  async token(): Promise<string> {
    return (await this.#current()).id;
  }

  /** Asks below an address, as whom the session is. Throws ApiError. */
  async ask(endpoint: string, ask: ServiceAsk): Promise<Answer> {
    if (this.#options.credentials.kind === 'none') return this.#http.ask({ ...ask, endpoint });
    const token = await this.#current();
    const withToken = (id: string, accept: readonly number[]): Ask => ({
      ...ask,
      endpoint,
      accept,
      headers: { ...ask.headers, 'x-auth-token': id },
    });
    const accept = ask.accept ?? [];
    const answer = await this.#http.ask(withToken(token.id, [...accept, 401]));
    if (answer.status !== 401) return answer;
    // Revoked, or ended earlier than keystone said: one more try with a new one.
    if (this.#held === token) this.#forget();
    const renewed = await this.#current();
    this.#log.info('a service no longer took the token; got a new one');
    return this.#http.ask(withToken(renewed.id, accept));
  }

  async #current(): Promise<Token> {
    if (this.#held !== null && this.#held.renewAt <= this.#now()) this.#forget();
    // All that need a token at once wait for the same one.
    this.#token ??= this.#authenticate();
    const pending = this.#token;
    try {
      const token = await pending;
      if (this.#token === pending) this.#held = token;
      return token;
    } catch (error) {
      if (this.#token === pending) this.#forget();
      throw error;
    }
  }

  #forget(): void {
    this.#token = null;
    this.#held = null;
  }

  async #authenticate(): Promise<Token> {
    const credentials = this.#options.credentials as Exclude<Credentials, { kind: 'none' }>;
    const endpoint = identityEndpoint(credentials.authUrl);
    const answer = await this.#http.ask({
      method: 'POST',
      endpoint,
      path: '/auth/tokens',
      body: tokenRequest(credentials),
      // Asking twice makes two tokens, which does no harm.
      repeatable: true,
    });
    const id = header(answer.headers, 'x-subject-token');
    return tokenFrom(id, answer.body, answer.received, `POST /auth/tokens at ${endpoint}`);
  }
}

/** keystone's v3 API below its address, whichever version the address names. */
export function identityEndpoint(authUrl: string): string {
  return `${authUrl.replace(/\/(v3|v2\.0)$/, '')}/v3`;
}
