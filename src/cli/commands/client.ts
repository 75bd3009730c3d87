import type { Command } from 'commander';
import { ApiClient } from '../../client/api-client.ts';
import { configured, type SettingFlags, settingsOf } from './settings.ts';

export interface ClientFlags extends SettingFlags {
  readonly url?: string;
}

/** A command that asks a running Vigil. */
export function asking(name: string, fileFlag?: string): Command {
  return configured(name, fileFlag).option(
    '-u, --url <url>',
    'where Vigil answers; default: where the configuration lets it listen',
  );
}

export async function clientOf(flags: ClientFlags): Promise<ApiClient> {
  const { config } = await settingsOf(flags);
  const { host, port } = config.listen;
  const url = flags.url ?? `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
  if (!URL.canParse(url)) throw new Error(`--url ${url} is no address: write it as http://HOST:PORT`);
  const { identity } = config;
  const token = identity.kind === 'token' ? identity.token : undefined;
  return new ApiClient(url, token === undefined ? {} : { authorization: `Bearer ${token}` });
}
