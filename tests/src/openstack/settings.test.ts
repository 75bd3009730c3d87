import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { optionsFromCloudsYaml } from '../../../src/openstack/clouds-yaml.ts';
import { hasCloudInEnvironment, optionsFromEnvironment } from '../../../src/openstack/environment.ts';
import { optionsFromSettings, type Settings } from '../../../src/openstack/settings.ts';

const AUTH_URL = 'https://keystone.example:5000/v3';
const PASSWORD: Settings = {
  auth_url: AUTH_URL,
  username: 'admin',
  password: 'secret',
  project_name: 'admin',
};

const read = (settings: Settings) => optionsFromSettings(settings, 'the test');

describe('settings', () => {
  it('with a user and a password are for a project of the default domain', () => {
    expect(read(PASSWORD)).toEqual({
      credentials: {
        kind: 'password',
        authUrl: AUTH_URL,
        user: { name: 'admin', domain: { id: 'default' } },
        password: 'secret',
        scope: { kind: 'project', project: { name: 'admin', domain: { id: 'default' } } },
      },
      region: null,
      interface: 'public',
      endpoints: {},
      tls: { cacert: null, cert: null, key: null, verify: true },
    });
  });

  it.each<[string, Settings, unknown]>([
    ['a project by id', { project_id: 'p' }, { kind: 'project', project: { id: 'p' } }],
    ['a domain', { project_name: '', domain_name: 'd' }, { kind: 'domain', domain: { name: 'd' } }],
    ['the system', { system_scope: 'all' }, { kind: 'system' }],
    [
      'a project of a domain',
      { project_domain_name: 'd' },
      { kind: 'project', project: { name: 'admin', domain: { name: 'd' } } },
    ],
  ])('can be scoped to %s', (_, settings, scope) => {
    expect(read({ ...PASSWORD, ...settings }).credentials).toMatchObject({ scope });
  });

  it('with the secret of an application credential are for that', () => {
    const settings = { auth_url: AUTH_URL, application_credential_id: 'a', application_credential_secret: 's' };
    expect(read(settings).credentials).toEqual({
      kind: 'application_credential',
      authUrl: AUTH_URL,
      credential: { id: 'a' },
      secret: 's',
    });
  });

  it('can do without keystone', () => {
    const options = read({ auth_type: 'none', compute_endpoint_override: 'http://n:8774/v2.1/' });
    expect(options.credentials).toEqual({ kind: 'none' });
    expect(options.endpoints).toEqual({ compute: 'http://n:8774/v2.1' });
  });

  it.each<[string, Settings, string]>([
    ['no address', { ...PASSWORD, auth_url: '' }, 'auth_url is missing'],
    ['no web address', { ...PASSWORD, auth_url: 'keystone' }, 'auth_url is not an http or https address'],
    ['a password in the address', { ...PASSWORD, auth_url: 'http://u:p@k' }, 'auth_url must not hold a user'],
    ['no user', { ...PASSWORD, username: '' }, 'username is missing (or user_id)'],
    ['no password', { ...PASSWORD, password: '' }, 'password is missing'],
    ['no scope', { ...PASSWORD, project_name: '' }, 'project_name is missing (or project_id, or system_scope)'],
    ['an unknown kind', { ...PASSWORD, auth_type: 'v3oidc' }, 'auth_type is v3oidc; Vigil knows password'],
    ['an inherited name', { ...PASSWORD, auth_type: 'constructor' }, 'auth_type is constructor; Vigil knows'],
    ['an unknown interface', { ...PASSWORD, interface: 'secret' }, 'interface is secret; it is one of public'],
    ['no endpoint and no keystone', { auth_type: 'none' }, 'compute_endpoint_override is missing'],
    ['a verify that is neither', { ...PASSWORD, verify: 'maybe' }, 'verify is neither true nor false'],
  ])('with %s are refused, saying what is wrong', (_, settings, message) => {
    expect(() => read(settings)).toThrow(`Reading the test failed: ${message}`);
  });
});

describe('the environment', () => {
  it('is read as an openrc file sets it', () => {
    const options = optionsFromEnvironment({
      OS_AUTH_URL: AUTH_URL,
      OS_USERNAME: 'admin',
      OS_PASSWORD: 'secret',
      OS_TENANT_NAME: 'admin',
      OS_USER_DOMAIN_NAME: 'Default',
      OS_REGION_NAME: 'one',
      OS_ENDPOINT_TYPE: 'internalURL',
      OS_CACERT: '/etc/ca.pem',
      OS_IDENTITY_API_VERSION: '3',
    });
    expect(options).toMatchObject({
      credentials: { user: { name: 'admin', domain: { name: 'Default' } }, scope: { project: { name: 'admin' } } },
      region: 'one',
      interface: 'internal',
      tls: { cacert: '/etc/ca.pem', verify: true },
    });
  });

  it('is named in errors by its variables', () => {
    expect(() => optionsFromEnvironment({ OS_AUTH_URL: AUTH_URL, OS_USERNAME: 'admin' })).toThrow(
      'Reading the environment failed: OS_PASSWORD is missing',
    );
    expect(() => optionsFromEnvironment({ OS_IDENTITY_API_VERSION: '2.0' })).toThrow('Vigil speaks 3');
  });

  it('names a cloud when it has an address', () => {
    expect(hasCloudInEnvironment({ OS_AUTH_URL: AUTH_URL })).toBe(true);
    expect(hasCloudInEnvironment({ OS_AUTH_URL: '', PATH: '/bin' })).toBe(false);
  });
});

describe('clouds.yaml', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'vigil-clouds-'));
  });

  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  const write = async (text: string, name = 'clouds.yaml'): Promise<string> => {
    const path = join(folder, name);
    await writeFile(path, text);
    return path;
  };

  const TWO = `
clouds:
  one:
    auth: { auth_url: ${AUTH_URL}, username: admin, password: "123", project_name: admin }
    region_name: r1
    interface: internal
    verify: false
  two:
    auth_type: v3applicationcredential
    auth: { auth_url: ${AUTH_URL}, application_credential_id: abc }
`;

  it('is read by the name of a cloud', async () => {
    const file = await write(TWO);
    expect(await optionsFromCloudsYaml('one', file, {})).toMatchObject({
      credentials: { kind: 'password', password: '123' },
      region: 'r1',
      interface: 'internal',
      tls: { verify: false },
    });
  });

  it('takes secrets from the secure.yaml beside it', async () => {
    await write('clouds: { two: { auth: { application_credential_secret: s } } }', 'secure.yaml');
    const options = await optionsFromCloudsYaml('two', null, { OS_CLIENT_CONFIG_FILE: await write(TWO) });
    expect(options.credentials).toMatchObject({
      kind: 'application_credential',
      credential: { id: 'abc' },
      secret: 's',
    });
  });

  it('needs no name when it has one cloud only', async () => {
    const file = await write(`clouds: { it: { auth: ${JSON.stringify(PASSWORD)} } }`);
    expect((await optionsFromCloudsYaml(null, file, {})).credentials).toMatchObject({ password: 'secret' });
  });

  it.each([
    [TWO, null, 'it has 2 clouds (one, two); name one, by OS_CLOUD or in the configuration'],
    [TWO, 'three', 'it has no cloud "three", only one, two'],
    [TWO, 'two', 'clouds.two.auth.application_credential_secret is missing'],
    ['cloud: {}', 'one', 'it has no section "clouds"'],
    ['clouds: { one: { profile: vexxhost } }', 'one', 'clouds.one.profile is not supported'],
    ['clouds: { one: { auth: { password: [1] } } }', 'one', 'clouds.one.auth.password must be a single value'],
    ['a: b\npassword: "secret', 'one', 'it is not YAML at line 2'],
  ])('says what is wrong with it (%#)', async (text, cloud, message) => {
    const file = await write(text);
    const failed = await optionsFromCloudsYaml(cloud, file, {}).catch((error: Error) => error.message);
    expect(failed).toContain(`Reading ${file} failed: ${message}`);
    expect(failed).not.toContain('secret"');
  });

  it('says when it is not there', async () => {
    const file = join(folder, 'none.yaml');
    await expect(optionsFromCloudsYaml('one', file, {})).rejects.toThrow(`Reading ${file} failed: ENOENT`);
  });
});
