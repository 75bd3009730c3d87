import type { Command } from 'commander';
import { ApiClient } from '../../client/api-client.ts';
import { logIn } from '../../client/keystone-login.ts';
import { maskAddress } from '../../secrets.ts';
import { configured, type SettingFlags, settingsOf } from './settings.ts';

export interface ClientFlags extends SettingFlags {
  readonly url?: string;
  readonly osCloud?: string;
}

/** A command that asks a running Vigil. */
export function asking(name: string, fileFlag?: string): Command {
  return configured(name, fileFlag)
    .option('-u, --url <url>', 'where Vigil answers; default: where the configuration lets it listen')
    .option(
      '--os-cloud <cloud>',
      'log in as this cloud of clouds.yaml says, if Vigil asks; default: the OS_* variables',
    );
}

export async function clientOf(flags: ClientFlags): Promise<ApiClient> {
  const { config } = await settingsOf(flags);
  const { host, port } = config.listen;
  const url = flags.url ?? `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
  if (!URL.canParse(url)) throw new Error(`--url ${maskAddress(url)} is no address: write it as http://HOST:PORT`);
  if (new URL(url).username !== '' || new URL(url).password !== '')
    throw new Error(
      '--url has a user or password in it: give the token as identity.token, or in VIGIL_IDENTITY__TOKEN',
    );
  const { identity } = config;
  const token = identity.kind === 'token' ? identity.token : undefined;
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  return new ApiClient(url, headers, async () => (await logIn(flags.osCloud, process.env)).token);
}
