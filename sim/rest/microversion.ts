import { ApiError } from './errors.ts';

/** `major.minor`, compared by minor: the majors of these APIs never differ. */
export interface VersionRange {
  readonly service: 'compute' | 'placement';
  readonly major: number;
  readonly min: number;
  readonly max: number;
}

/** What is simulated of nova. */
export const COMPUTE: VersionRange = { service: 'compute', major: 2, min: 1, max: 100 };
/** What is simulated of placement. */
export const PLACEMENT: VersionRange = { service: 'placement', major: 1, min: 0, max: 39 };

type Headers = Readonly<Record<string, string | string[] | undefined>>;

/**
 * The minor version asked for (`OpenStack-API-Version: compute 2.79`, or nova's older header); without one the lowest.
 * @throws ApiError 400 when it is no version, 406 when it is not in the range
 */
export function negotiate(headers: Headers, range: VersionRange): number {
  const asked = askedVersion(headers, range.service);
  if (asked === null) return range.min;
  if (asked === 'latest') return range.max;
  const match = /^(\d+)\.(\d+)$/.exec(asked);
  if (match === null) {
    throw new ApiError(400, `API Version String ${asked} is of invalid format. Must be of format MajorNum.MinorNum.`);
  }
  const minor = Number(match[2]);
  if (Number(match[1]) !== range.major || minor < range.min || minor > range.max) {
    const [min, max] = [range.min, range.max].map((edge) => `${range.major}.${edge}`);
    throw new ApiError(406, `Version ${asked} is not supported by the API. Minimum is ${min} and maximum is ${max}.`);
  }
  return minor;
}

function askedVersion(headers: Headers, service: string): string | null {
  const modern = String(headers['openstack-api-version'] ?? '');
  for (const part of modern.split(',')) {
    const [name, version] = part.trim().split(/\s+/);
    if (name?.toLowerCase() === service && version !== undefined) return version;
  }
  const old = headers['x-openstack-nova-api-version'];
  return service === 'compute' && old !== undefined ? String(old) : null;
}
