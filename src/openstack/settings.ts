import { ApiError } from './errors.ts';
import {
  type Credentials,
  type DomainName,
  type Interface,
  type Named,
  type OpenStackOptions,
  type Scope,
  SERVICE_TYPES,
  type ServiceType,
} from './options.ts';

/**
 * The settings of an OpenStack client, flat, by the names of clouds.yaml's `auth` section and top level. An empty text is
 * the same as none.
 */
export type Settings = Readonly<Partial<Record<SettingName, string>>>;

export const AUTH_SETTINGS = [
  'auth_url',
  'username',
  'user_id',
  'password',
  'user_domain_id',
  'user_domain_name',
  'project_id',
  'project_name',
  'project_domain_id',
  'project_domain_name',
  'domain_id',
  'domain_name',
  'default_domain',
  'system_scope',
  'token',
  'application_credential_id',
  'application_credential_name',
  'application_credential_secret',
] as const;

export const TOP_SETTINGS = [
  'auth_type',
  'region_name',
  'interface',
  'cacert',
  'cert',
  'key',
  'verify',
  'compute_endpoint_override',
  'placement_endpoint_override',
] as const;

export type SettingName = (typeof AUTH_SETTINGS)[number] | (typeof TOP_SETTINGS)[number];

/** The names of auth plug-ins that say the same, by what we call it. */
const AUTH_TYPES: Readonly<Record<string, Credentials['kind']>> = {
  password: 'password',
  v3password: 'password',
  v3applicationcredential: 'application_credential',
  token: 'token',
  v3token: 'token',
  none: 'none',
};

/**
 * Makes options of settings. `where` says what they were read from and `nameOf` what a setting is called there, for errors
 * that say what to correct. Throws ApiError (`configuration`).
 */
export function optionsFromSettings(
  given: Settings,
  where: string,
  nameOf: (setting: SettingName) => string = (setting) => setting,
): OpenStackOptions {
  const settings = new Reader(given, where, nameOf);
  const credentials = credentialsOf(settings);
  const endpoints = endpointsOf(settings);
  if (credentials.kind === 'none' && endpoints.compute === undefined)
    throw settings.wrong('compute_endpoint_override', 'is missing, and without keystone nothing else tells it');
  return {
    credentials,
    region: settings.text('region_name'),
    interface: interfaceOf(settings),
    endpoints,
    tls: {
      cacert: settings.text('cacert'),
      cert: settings.text('cert'),
      key: settings.text('key'),
      verify: verifyOf(settings),
    },
  };
}

class Reader {
  readonly #given: Settings;
  readonly #where: string;
  readonly #nameOf: (setting: SettingName) => string;

  constructor(given: Settings, where: string, nameOf: (setting: SettingName) => string) {
    this.#given = given;
    this.#where = where;
    this.#nameOf = nameOf;
  }

  text(setting: SettingName): string | null {
    const value = this.#given[setting];
    return value === undefined || value === '' ? null : value;
  }

  needed(setting: SettingName, orElse = ''): string {
    const value = this.text(setting);
    if (value === null) throw this.wrong(setting, `is missing${orElse === '' ? '' : ` (or ${orElse})`}`);
    return value;
  }

  /** An http or https address without user and password in it. */
  url(setting: SettingName): string {
    const text = this.needed(setting);
    const url = URL.canParse(text) ? new URL(text) : null;
    if (url === null || !/^https?:$/.test(url.protocol)) throw this.wrong(setting, 'is not an http or https address');
    if (url.username !== '' || url.password !== '') throw this.wrong(setting, 'must not hold a user or password');
    return text.replace(/\/+$/, '');
  }

  wrong(setting: SettingName, problem: string): ApiError {
    return new ApiError('configuration', `Reading ${this.#where}`, `${this.#nameOf(setting)} ${problem}`);
  }
}

function credentialsOf(settings: Reader): Credentials {
  const kind = kindOf(settings);
  if (kind === 'none') return { kind };
  const authUrl = settings.url('auth_url');
  switch (kind) {
    case 'password':
      return {
        kind,
        authUrl,
        user: userOf(settings),
        password: settings.needed('password'),
        scope: scopeOf(settings),
      };
    case 'token':
      return { kind, authUrl, token: settings.needed('token'), scope: scopeOf(settings) };
    case 'application_credential': {
      const id = settings.text('application_credential_id');
      const byName = (): { name: string; user: Named } => ({
        name: settings.needed('application_credential_name', 'application_credential_id'),
        user: userOf(settings),
      });
      const credential = id === null ? byName() : { id };
      return { kind, authUrl, credential, secret: settings.needed('application_credential_secret') };
    }
  }
}

/** What the settings ask for; when they do not say, what they hold. */
function kindOf(settings: Reader): Credentials['kind'] {
  const asked = settings.text('auth_type');
  if (asked !== null) {
    const kind = AUTH_TYPES[asked];
    if (kind !== undefined && Object.hasOwn(AUTH_TYPES, asked)) return kind;
    throw settings.wrong('auth_type', `is ${asked}; Vigil knows ${Object.keys(AUTH_TYPES).join(', ')}`);
  }
  if (settings.text('application_credential_secret') !== null) return 'application_credential';
  if (settings.text('token') !== null) return 'token';
  return 'password';
}

function userOf(settings: Reader): Named {
  const id = settings.text('user_id');
  if (id !== null) return { id };
  return { name: settings.needed('username', 'user_id'), domain: domainOf(settings, 'user') };
}

function scopeOf(settings: Reader): Scope {
  if (settings.text('system_scope') !== null) return { kind: 'system' };
  const id = settings.text('project_id');
  if (id !== null) return { kind: 'project', project: { id } };
  const name = settings.text('project_name');
  if (name !== null) return { kind: 'project', project: { name, domain: domainOf(settings, 'project') } };
  const domainId = settings.text('domain_id');
  if (domainId !== null) return { kind: 'domain', domain: { id: domainId } };
  const domainName = settings.text('domain_name');
  if (domainName !== null) return { kind: 'domain', domain: { name: domainName } };
  throw settings.wrong('project_name', 'is missing (or project_id, or system_scope)');
}

function domainOf(settings: Reader, of: 'user' | 'project'): DomainName {
  const id = settings.text(`${of}_domain_id`) ?? settings.text('domain_id');
  if (id !== null) return { id };
  const name = settings.text(`${of}_domain_name`) ?? settings.text('domain_name');
  if (name !== null) return { name };
  return { id: settings.text('default_domain') ?? 'default' };
}

function interfaceOf(settings: Reader): Interface {
  const asked = settings.text('interface') ?? 'public';
  // Older files have the names of keystone v2: publicURL.
  const name = asked.replace(/URL$/, '');
  if (name === 'public' || name === 'internal' || name === 'admin') return name;
  throw settings.wrong('interface', `is ${asked}; it is one of public, internal, admin`);
}

function endpointsOf(settings: Reader): Partial<Record<ServiceType, string>> {
  const endpoints: Partial<Record<ServiceType, string>> = {};
  for (const type of SERVICE_TYPES) {
    const setting = `${type}_endpoint_override` as const;
    if (settings.text(setting) !== null) endpoints[type] = settings.url(setting);
  }
  return endpoints;
}

function verifyOf(settings: Reader): boolean {
  const text = (settings.text('verify') ?? 'true').toLowerCase();
  if (['true', '1', 'yes', 'on'].includes(text)) return true;
  if (['false', '0', 'no', 'off'].includes(text)) return false;
  throw settings.wrong('verify', 'is neither true nor false');
}
