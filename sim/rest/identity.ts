import { MILLISECOND } from '../clock/time.ts';
import type { Actor } from '../state/types.ts';
import type { Api, Call } from './api.ts';
import { catalogOf } from './catalog.ts';
import { ApiError, badRequest } from './errors.ts';
import { objectOf, textOf } from './input.ts';
import type { Token } from './tokens.ts';

/** The password of all users. */
export const PASSWORD = 'simulated';

const WRONG = 'The request you have made requires authentication.';

/** POST /v3/auth/tokens */
export function authenticate(call: Omit<Call, 'actor' | 'isAdmin'>): object {
  const auth = objectOf(objectOf(call.body, 'body').auth, 'auth');
  const identity = objectOf(auth.identity, 'identity');
  const { methods } = identity;
  if (!Array.isArray(methods) || methods.length === 0) throw badRequest('Expecting to find methods in identity.');
  const actor = actorOf(call, String(methods[0]), identity);
  const token = call.api.tokens.issue(actor, [String(methods[0])], call.cloud.now / MILLISECOND);
  void call.reply.status(201).header('x-subject-token', token.id);
  return { token: tokenView(call.api, token) };
}

/** Who it is, by one of keystone's methods. @throws ApiError 401 */
function actorOf(
  { cloud, api }: Omit<Call, 'actor' | 'isAdmin'>,
  method: string,
  identity: Readonly<Record<string, unknown>>,
): Actor {
  const actors = [cloud.fabric.admin, ...cloud.fabric.tenants];
  const given = objectOf(identity[method], method);
  if (method === 'password') {
    const user = objectOf(given.user, 'user');
    const found = actors.find(({ userId, userName }) => user.id === userId || user.name === userName);
    if (found === undefined || textOf(user, 'password') !== PASSWORD) throw new ApiError(401, WRONG);
    return found;
  }
  if (method === 'token') {
    const found = api.tokens.find(textOf(given, 'id'), cloud.now / MILLISECOND);
    if (found === null) throw new ApiError(401, WRONG);
    return found.actor;
  }
  if (method === 'application_credential') {
    // The id of an application credential is that of its user here, the name that of the user.
    const found = actors.find(({ userId, userName }) => given.id === userId || given.name === userName);
    if (found === undefined || textOf(given, 'secret') !== PASSWORD) throw new ApiError(401, WRONG);
    return found;
  }
  throw new ApiError(401, `Attempted to authenticate with an unsupported method: ${method}.`);
}

/** GET /v3/auth/tokens: what keystone says of the token in X-Subject-Token. */
export function validate(call: Call, subject: string): object {
  const token = call.api.tokens.find(subject, call.cloud.now / MILLISECOND);
  if (token === null) throw new ApiError(404, 'Could not find token.');
  void call.reply.header('x-subject-token', token.id);
  return { token: tokenView(call.api, token) };
}

function tokenView(api: Api, token: Token): object {
  const { actor } = token;
  const domain = { id: 'default', name: 'Default' };
  return {
    methods: token.methods,
    user: { domain, id: actor.userId, name: actor.userName, password_expires_at: null },
    audit_ids: [token.id.slice(-22)],
    expires_at: new Date(token.expires).toISOString().replace(/\d{3}Z$/, '000000Z'),
    issued_at: new Date(token.issued).toISOString().replace(/\d{3}Z$/, '000000Z'),
    project: { domain, id: actor.projectId, name: actor.projectName },
    is_domain: false,
    roles: actor.roles.map((name) => ({ id: Buffer.from(name).toString('hex').padEnd(32, '0'), name })),
    catalog: catalogOf(api.url(), api.services),
  };
}
