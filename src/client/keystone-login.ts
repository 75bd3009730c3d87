import { pino } from 'pino';
import { optionsFromCloudsYaml } from '../openstack/clouds-yaml.ts';
import { tlsMaterial } from '../openstack/connect.ts';
import { type Environment, hasCloudInEnvironment, optionsFromEnvironment } from '../openstack/environment.ts';
import { HttpClient } from '../openstack/http.ts';
import { type Credentials, HTTP_DEFAULTS, type OpenStackOptions } from '../openstack/options.ts';
import { Session } from '../openstack/session.ts';

/** What goes wrong is told once, by the command. */
const QUIET = pino({ level: 'silent' });

/** Who a person at a terminal is for keystone. */
export interface Login {
  readonly token: string;
  /** Where the catalogue says that the optimizer API is; null when it does not. */
  readonly optimizer: string | null;
}

/**
 * Logs in as a cloud of clouds.yaml says, or the `OS_*` variables.
 * @throws Error when neither names a cloud, or keystone refuses
 */
export function logIn(cloud: string | undefined, env: Environment): Promise<Login> {
  return withSession(cloud, env, async (session) => {
    const token = await session.token();
    const optimizer = await session.endpoint('infra-optim').catch(() => null);
    return { token, optimizer };
  });
}

/** A cloud that has a keystone, and how to be known to it. */
export type KnownCloud = OpenStackOptions & { readonly credentials: Exclude<Credentials, { kind: 'none' }> };

/**
 * Works as whom a cloud of clouds.yaml, or the `OS_*` variables, say.
 * @throws Error when neither names a cloud, or keystone refuses
 */
export async function withSession<T>(
  cloud: string | undefined,
  env: Environment,
  work: (session: Session, cloud: KnownCloud) => Promise<T>,
): Promise<T> {
  const options = await optionsOf(cloud ?? env.OS_CLOUD, env);
  const { credentials } = options;
  if (credentials.kind === 'none') throw new Error('the cloud has no keystone to log in to');
  const http = new HttpClient(HTTP_DEFAULTS, await tlsMaterial(options.tls), QUIET);
  try {
    return await work(new Session(http, options, QUIET), { ...options, credentials });
  } finally {
    await http.close();
  }
}

/** Whether there is something to log in with. */
export function hasCloud(cloud: string | undefined, env: Environment): boolean {
  return Boolean(cloud ?? env.OS_CLOUD) || hasCloudInEnvironment(env);
}

async function optionsOf(cloud: string | undefined, env: Environment): Promise<OpenStackOptions> {
  if (cloud !== undefined && cloud !== '') return optionsFromCloudsYaml(cloud, null, env);
  if (hasCloudInEnvironment(env)) return optionsFromEnvironment(env);
  throw new Error(
    'a token of keystone is wanted: set the OS_* variables (openrc), or name a cloud of clouds.yaml with --os-cloud',
  );
}
