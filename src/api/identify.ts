import { isIP } from 'node:net';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { VigilError } from '../errors.ts';
import type { Authenticator } from '../identity/authenticator.ts';
import { guardOf } from '../identity/guard.ts';
import { type Identity, NOBODY } from '../identity/identity.ts';
import { type Policy, PROJECT_RULES, type Rule } from '../identity/policy.ts';
import type { Api } from './routes/route.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks. */
    identity: Identity;
    /** The one project whose instances may be shown; null for all. Routes that can keep to it say so (`ofProject`). */
    projectScope: string | null;
  }
  interface FastifyContextConfig {
    /** Whether the route shows a project's own member what is that project's, and nothing else. */
    ofProject?: boolean;
  }
}

/** Who may ask, and for what. */
export interface Access {
  readonly authenticator: Authenticator;
  readonly policy: Policy;
}

/** What supervisors and load balancers ask for, who know no token and come by any name; they say nothing else. */
const SIGNS_OF_LIFE: ReadonlySet<string> = new Set(['/healthz', '/healthcheck']);

/** Finds out who asks, and refuses what they may not ask for, before anything else is done. */
export function identify(api: Api, { authenticator, policy }: Access): void {
  api.decorateRequest('identity');
  api.decorateRequest('projectScope', null);
  api.addHook('onRequest', async (request, reply) => {
    request.identity = NOBODY;
    if (SIGNS_OF_LIFE.has(request.routeOptions.url ?? '') || isPreflight(request)) return;
    if (authenticator.hostNames !== null) refuseForeignNames(request.host, authenticator.hostNames);
    const identity = await authenticator.identify(request.headers);
    if (identity !== null) request.identity = identity;
    if (identity === null && authenticator.asksEverybody) throw unknown(authenticator, request, reply);
    const path = request.routeOptions.url ?? request.url.split('?')[0] ?? '';
    const guard = guardOf(request.method, path);
    if (guard.kind === 'known') {
      if (identity === null) throw unknown(authenticator, request, reply);
      return;
    }
    if (policy.allows(guard.rule, request.identity)) return;
    if (identity === null) throw unknown(authenticator, request, reply);
    if (request.is404 || path.startsWith('/v1/')) return;
    const rule = request.routeOptions.config.ofProject === true ? PROJECT_RULES[guard.rule] : undefined;
    if (rule === undefined) throw new VigilError('forbidden', { rule: guard.rule });
    request.projectScope = projectOf(identity, rule, policy);
  });
}

/** The project that a member of it may look into. */
function projectOf(identity: Identity, rule: Rule, policy: Policy): string {
  if (!policy.allows(rule, identity) || identity.project === null) throw new VigilError('forbidden', { rule });
  return identity.project;
}

/** Browsers ask so, without saying who they are, whether they may ask at all; nothing is told but that. */
function isPreflight({ method, headers }: FastifyRequest): boolean {
  return method === 'OPTIONS' && headers['access-control-request-method'] !== undefined;
}

function unknown({ challenges }: Authenticator, request: FastifyRequest, reply: FastifyReply): VigilError {
  if (challenges.length > 0) reply.header('www-authenticate', challenges);
  const { authorization, 'x-auth-token': token } = request.headers;
  const sent = authorization !== undefined || token !== undefined;
  return new VigilError('unauthenticated', { problem: sent ? '; the one sent is not right' : '' });
}

/** An address or `localhost` cannot be another's name. */
function refuseForeignNames(host: string, own: ReadonlySet<string>): void {
  const name = host
    .replace(/:\d*$/, '')
    .replace(/^\[(.*)\]$/, '$1')
    .toLowerCase();
  if (isIP(name) === 0 && name !== 'localhost' && !own.has(name)) throw new VigilError('wrong-host', { host });
}
