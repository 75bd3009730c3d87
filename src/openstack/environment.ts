import { ApiError } from './errors.ts';
import type { OpenStackOptions } from './options.ts';
import { AUTH_SETTINGS, optionsFromSettings, type SettingName, type Settings, TOP_SETTINGS } from './settings.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Variables that older tools use for a setting, besides `OS_` and its name. */
const OLD_NAMES: Readonly<Partial<Record<SettingName, string>>> = {
  project_id: 'OS_TENANT_ID',
  project_name: 'OS_TENANT_NAME',
  interface: 'OS_ENDPOINT_TYPE',
};

/** Whether the environment names a cloud by itself (an `openrc` file was read into it). */
export function hasCloudInEnvironment(env: Environment): boolean {
  return Boolean(env.OS_AUTH_URL || env.OS_COMPUTE_ENDPOINT_OVERRIDE);
}

/** Reads the `OS_*` variables, as an `openrc` file sets them. Throws ApiError (`configuration`). */
export function optionsFromEnvironment(env: Environment): OpenStackOptions {
  const version = env.OS_IDENTITY_API_VERSION;
  if (version !== undefined && version !== '' && !version.startsWith('3'))
    throw new ApiError(
      'configuration',
      'Reading the environment',
      `OS_IDENTITY_API_VERSION is ${version}; Vigil speaks 3`,
    );
  return optionsFromSettings(settingsOf(env), 'the environment', variableOf);
}

function settingsOf(env: Environment): Settings {
  const settings: Partial<Record<SettingName, string>> = {};
  for (const setting of [...AUTH_SETTINGS, ...TOP_SETTINGS]) {
    const old = OLD_NAMES[setting];
    const value = env[variableOf(setting)] || (old === undefined ? '' : env[old]);
    if (value) settings[setting] = value;
  }
  if (/^(1|true|yes|on)$/i.test(env.OS_INSECURE ?? '')) settings.verify = 'false';
  return settings;
}

function variableOf(setting: SettingName): string {
  return `OS_${setting.toUpperCase()}`;
}
