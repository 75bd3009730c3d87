import { ApiClient } from '../client/api-client.ts';
import { hasCloud, logIn } from '../client/keystone-login.ts';
import { Optimizer } from '../client/optimizer.ts';
import type { Environment } from '../openstack/environment.ts';

/** Who asks a Watcher that believes what it is told. */
const ADMIN = { 'x-roles': 'admin', 'x-user-id': 'vigil', 'x-project-id': 'vigil' };

/**
 * The other Watcher: at the address given, or where the catalogue of the cloud says.
 * @throws Error when it cannot be told where it is, or keystone refuses
 */
export async function connectWatcher(
  url: string | undefined,
  cloud: string | undefined,
  env: Environment,
): Promise<Optimizer> {
  const login = hasCloud(cloud, env) ? await logIn(cloud, env) : null;
  const address = url ?? login?.optimizer;
  if (address == null) {
    throw new Error(
      login === null
        ? 'say where the other Watcher is: --watcher-url, or a cloud with --os-cloud or the OS_* variables'
        : 'the catalogue names no infra-optim endpoint: give its address with --watcher-url',
    );
  }
  if (!URL.canParse(address)) throw new Error(`${address} is no address: write it as http://HOST:PORT`);
  const base = address.replace(/\/v1\/?$/, '');
  const headers = login === null ? ADMIN : { 'x-auth-token': login.token };
  const refuse = (): Promise<never> =>
    Promise.reject(new Error('the other Watcher wants a token of keystone: set the OS_* variables or --os-cloud'));
  return new Optimizer(new ApiClient(base, headers, refuse));
}
