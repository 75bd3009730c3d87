import { type Static, Type } from 'typebox';
import { POLICY } from '../../identity/policy.ts';
import { API_TLS, group, HTTP_URL, secret, text, texts, whole } from './setting.ts';

const host_names = Type.Optional(
  texts({
    description: 'Names by which it may be asked for, besides addresses and localhost.',
    example: ['vigil.example.org'],
  }),
);

const OPEN = group(
  {
    kind: Type.Literal('open', { description: 'Nobody has to say.' }),
    host_names,
    public_access: Type.Boolean({
      default: false,
      description:
        'true allows to listen beyond this machine: whoever reaches the port may do everything. For a container whose ' +
        'port is published on this machine only.',
    }),
  },
  { description: 'Everybody may do everything; on this machine alone.' },
);

const TOKEN = group(
  {
    kind: Type.Literal('token', { description: 'One token for all.' }),
    ...secret(
      'token',
      'What every address but /healthz and /healthcheck asks for: as a bearer token, or the password of HTTP Basic.',
    ),
  },
  { description: 'Who has the token may do everything.' },
);

const HEADERS = group(
  {
    kind: Type.Literal('headers', { description: 'A proxy has found out.' }),
    host_names,
  },
  {
    description:
      'X-User-Id, X-Project-Id and X-Roles of a request are believed: let nobody but an authenticating proxy reach the port.',
  },
);

const url = { pattern: HTTP_URL, form: 'an http or https address without user and password in it' };

const KEYSTONE = group(
  {
    kind: Type.Literal('keystone', { description: 'Tokens of OpenStack.' }),
    auth_url: text({ description: 'keystone’s address.', example: 'https://keystone.example.org:5000/v3', ...url }),
    public_url: Type.Optional(
      text({
        description: 'Its address for callers without a token, where it is another.',
        example: 'https://identity.example.org/v3',
        ...url,
      }),
    ),
    cache: whole(0, 86_400, {
      default: 300,
      description: 'Seconds for which keystone’s word on a token is believed: so long a revoked one still works.',
    }),
    tls: API_TLS,
  },
  { description: 'X-Auth-Token is a token of keystone; what its roles may do is the policy’s matter.' },
);

/** Without a kind it is the open one. */
export const IDENTITY = Type.Union([OPEN, TOKEN, HEADERS, KEYSTONE], {
  default: { kind: 'open' },
  defaultKind: 'open',
  description: 'How it is found out who asks.',
});

export type IdentityConfig = Static<typeof IDENTITY>;

const rules = Object.entries(POLICY).map(([rule, roles]) => [
  rule,
  texts({ default: roles, description: `Roles that may do ${rule}; "anyone" also lets in who has none.` }),
]);

/** Every rule with its roles. */
export const POLICY_SETTINGS = group(
  Object.fromEntries(rules) as Record<keyof typeof POLICY, ReturnType<typeof texts>>,
  {
    default: {},
    description: 'Which roles may do what.',
  },
);
