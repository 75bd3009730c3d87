import type { Rest } from '../../../sim/index.ts';
import { PASSWORD } from '../../../sim/rest/identity.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: never;
}

/** A client of the simulated REST API, logged in. */
export interface Client {
  compute(method: string, path: string, body?: unknown, version?: string): Promise<Answer>;
  placement(path: string, version?: string): Promise<Answer>;
}

export async function call(
  method: string,
  url: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const answer = await fetch(url, {
    method,
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, body: (text === '' ? null : JSON.parse(text)) as never };
}

/** Logs in with a password. */
export function login(rest: Rest, name: string): Promise<Answer> {
  const user = { name, password: PASSWORD, domain: { id: 'default' } };
  const scope = { project: { name, domain: { id: 'default' } } };
  const auth = { identity: { methods: ['password'], password: { user } }, scope };
  return call('POST', `${rest.url}/identity/v3/auth/tokens`, { auth });
}

export async function clientOf(rest: Rest, name = 'admin'): Promise<Client> {
  const token = (await login(rest, name)).headers.get('x-subject-token') ?? '';
  const headers = (service: string, version: string) => ({
    'x-auth-token': token,
    'openstack-api-version': `${service} ${version}`,
  });
  return {
    compute: (method, path, body, version = '2.100') =>
      call(method, `${rest.url}/compute/v2.1${path}`, body, headers('compute', version)),
    placement: (path, version = '1.39') =>
      call('GET', `${rest.url}/placement${path}`, undefined, headers('placement', version)),
  };
}
