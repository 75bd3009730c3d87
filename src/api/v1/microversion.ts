/** The minor versions of API v1 that are served: 1.0 to 1.7. */
export const NEWEST_MINOR = 7;

export const VERSION_HEADER = 'OpenStack-API-Version';
export const MIN_VERSION = '1.0';
export const MAX_VERSION = `1.${NEWEST_MINOR}`;

/** What each minor version added, for gates and for the API's description. */
export const ADDED = {
  auditTimes: 1,
  force: 2,
  dataModel: 3,
  webhooks: 4,
  statusMessage: 5,
  skipping: 5,
  extendedDataModel: 6,
  defaultParameters: 7,
} as const;

/** What a request's version header comes to. */
export type Negotiated =
  | { readonly kind: 'accepted'; readonly minor: number }
  /** A version that is not served; the answer says which are. */
  | { readonly kind: 'unsupported'; readonly problem: string }
  | { readonly kind: 'malformed'; readonly problem: string };

const SERVICE = 'infra-optim';
const OLDEST: Negotiated = { kind: 'accepted', minor: 0 };
const RANGE = `The supported version range is: [${MIN_VERSION}, ${MAX_VERSION}].`;

/**
 * Reads `OpenStack-API-Version: infra-optim 1.5`. As other services may be named in it as well, whatever does not speak of
 * this one, or gives it no number, asks for the oldest version.
 */
export function negotiate(header: string | undefined): Negotiated {
  const asked = versionFor(SERVICE, header ?? '');
  if (asked === null) return OLDEST;
  if (asked === 'latest') return { kind: 'accepted', minor: NEWEST_MINOR };
  const parts = asked.split('.');
  if (parts.length > 2) return { kind: 'malformed', problem: `Invalid value for ${VERSION_HEADER} header` };
  if (!parts.every((part) => /^\d{1,9}$/.test(part))) return OLDEST;
  const [major, minor] = [Number(parts[0]), Number(parts[1] ?? 0)];
  const version = `${major}.${minor}`;
  if (major !== 1) {
    const problem = `Mutually exclusive versions requested. Version ${version} requested but not supported by this service. ${RANGE}`;
    return { kind: 'unsupported', problem };
  }
  if (minor <= NEWEST_MINOR) return { kind: 'accepted', minor };
  const problem = `Version ${version} was requested but the minor version is not supported by this service. ${RANGE}`;
  return { kind: 'unsupported', problem };
}

/** The version that a header asks one service for, in lower case; the last mention counts. */
function versionFor(service: string, header: string): string | null {
  let found: string | null = null;
  for (const part of header.split(',')) {
    const [name, version] = part.trim().toLowerCase().split(/\s+/);
    if (name === service && version !== undefined) found = version;
  }
  return found;
}
