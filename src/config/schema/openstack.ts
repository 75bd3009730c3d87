import { type Static, Type } from 'typebox';
import { API_TLS, group, HTTP_URL, oneOf, secret, text } from './setting.ts';

const optional = (description: string, example: string) => Type.Optional(text({ description, example }));

/** The names are those of the `auth` section of clouds.yaml. */
const AUTH = group(
  {
    auth_type: Type.Optional(
      oneOf(['password', 'v3password', 'v3applicationcredential', 'token', 'v3token', 'none'], {
        description: 'How to log in; default: by what is given.',
        example: 'password',
      }),
    ),
    auth_url: text({
      description: 'keystone’s address.',
      example: 'https://keystone.example.org:5000/v3',
      pattern: HTTP_URL,
      form: 'an http or https address without user and password in it',
    }),
    username: optional('User by name, within its domain.', 'vigil'),
    user_id: optional('User by id.', '0f1e2d3c'),
    ...secret('password', 'Password of the user.'),
    user_domain_id: optional('Domain of the user, by id.', 'default'),
    user_domain_name: optional('Domain of the user, by name.', 'Default'),
    project_id: optional('Project by id.', '4b5a6978'),
    project_name: optional('Project by name, within its domain.', 'admin'),
    project_domain_id: optional('Domain of the project, by id.', 'default'),
    project_domain_name: optional('Domain of the project, by name.', 'Default'),
    domain_id: optional('Scope: this domain, by id.', 'default'),
    domain_name: optional('Scope: this domain, by name.', 'Default'),
    default_domain: optional('Domain wherever none is named.', 'default'),
    system_scope: optional('Scope: the whole system.', 'all'),
    ...secret('token', 'A token instead of a password.'),
    application_credential_id: optional('Application credential by id.', '1a2b3c4d'),
    application_credential_name: optional('Application credential by name, within its user.', 'vigil'),
    ...secret('application_credential_secret', 'Secret of the application credential.'),
  },
  { description: 'Log in with these, by the names of clouds.yaml.' },
);

const endpoint = (service: string, example: string) =>
  Type.Optional(
    text({ description: `Address of ${service}.`, example, pattern: HTTP_URL, form: 'an http or https address' }),
  );

/** Exactly one of `cloud`, `auth`, `environment` and `endpoints` says how to get in; `endpoints` may also stand beside the others. */
export const OPENSTACK = group(
  {
    cloud: optional('A cloud of clouds.yaml.', 'mycloud'),
    clouds_yaml: optional('That file, where it is not in a usual place.', '/etc/openstack/clouds.yaml'),
    auth: Type.Optional(AUTH),
    environment: Type.Boolean({
      default: false,
      description: 'true logs in with the OS_* variables of the environment, as an openrc file sets them.',
    }),
    endpoints: Type.Optional(
      group(
        {
          compute: endpoint('nova', 'http://nova.example.org:8774/v2.1'),
          placement: endpoint('placement', 'http://placement.example.org:8778'),
        },
        { description: 'Addresses used instead of the catalog’s; without cloud and auth nobody is logged in to.' },
      ),
    ),
    region: optional('Region, where the catalog has several.', 'RegionOne'),
    interface: oneOf(['public', 'internal', 'admin'], {
      default: 'public',
      description: 'Which of the catalog’s addresses.',
    }),
    partial: Type.Boolean({
      default: false,
      description:
        'true takes what these APIs do not know (404) for empty: for emulators in test beds, not for a cloud.',
    }),
    tls: API_TLS,
  },
  {
    description:
      'The cloud’s APIs, to read what no notification tells and what was missed. Without it the stream alone is believed.',
  },
);

export type OpenStackConfig = Static<typeof OPENSTACK>;
