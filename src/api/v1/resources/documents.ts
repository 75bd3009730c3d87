import { Type } from 'typebox';
import { readArguments } from '../arguments.ts';
import type { Link } from '../links.ts';
import { hostUrl } from '../links.ts';
import { ADDED, MAX_VERSION, MIN_VERSION } from '../microversion.ts';
import type { Collection } from '../paths.ts';
import type { Operation } from '../serve.ts';

const LINK = Type.Object({ href: Type.String(), rel: Type.String() });

const VERSION = Type.Object(
  {
    id: Type.String(),
    status: Type.String(),
    min_version: Type.String(),
    max_version: Type.String(),
    links: Type.Array(LINK),
  },
  { additionalProperties: false },
);

export const ROOT_DOCUMENT = Type.Object(
  { name: Type.String(), description: Type.String(), versions: Type.Array(VERSION), default_version: VERSION },
  { title: 'Versions', additionalProperties: false },
);

/** `GET /` for programs: which versions there are. Clients of OpenStack know the service by this name. */
export function rootDocument(host: string): object {
  const version = {
    id: 'v1',
    status: 'CURRENT',
    min_version: MIN_VERSION,
    max_version: MAX_VERSION,
    links: [{ href: `${host}/v1/`, rel: 'self' }],
  };
  return {
    name: 'OpenStack Watcher API',
    description: 'Vigil: a live model of a cloud, and audits that keep it as promised, behind the API of Watcher.',
    versions: [version],
    default_version: version,
  };
}

/** The collections that the document of version 1 names, with the minor version that brought them there. */
const NAMED: readonly { readonly name: Collection; readonly since: number }[] = [
  { name: 'audit_templates', since: 0 },
  { name: 'audits', since: 0 },
  { name: 'actions', since: 0 },
  { name: 'action_plans', since: 0 },
  { name: 'scoring_engines', since: 0 },
  { name: 'services', since: 0 },
  { name: 'data_model', since: ADDED.dataModel },
  { name: 'webhooks', since: ADDED.webhooks },
];

const DOCUMENTATION = 'http://docs.openstack.org/developer/watcher/dev/api-spec-v1.html';

/** `GET /v1`. */
export function versionDocument(): Operation {
  return {
    method: 'GET',
    path: '',
    schema: { summary: 'What there is', response: { 200: Type.Object({ id: Type.String() }) } },
    handle: (request) => {
      readArguments(request.query, {});
      return v1Document(hostUrl(request), request.minor);
    },
  };
}

function v1Document(host: string, minor: number): object {
  const collections = NAMED.filter(({ since }) => since <= minor).map(({ name }): [string, readonly Link[]] => [
    name,
    [
      { href: `${host}/v1/${name}/`, rel: 'self' },
      { href: `${host}/${name}/`, rel: 'bookmark' },
    ],
  ]);
  return {
    id: 'v1',
    media_types: [{ base: 'application/json', type: 'application/vnd.openstack.watcher.v1+json' }],
    links: [
      { href: `${host}/v1/`, rel: 'self' },
      { href: DOCUMENTATION, rel: 'describedby', type: 'text/html' },
    ],
    ...Object.fromEntries(collections),
  };
}
