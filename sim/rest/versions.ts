import { COMPUTE, PLACEMENT } from './microversion.ts';

/** GET / of nova. */
export function computeVersions(url: string): object {
  return { versions: [computeVersion(url)] };
}

/** GET /v2.1/ of nova. */
export function computeVersion(url: string): object {
  return {
    id: 'v2.1',
    status: 'CURRENT',
    version: `${COMPUTE.major}.${COMPUTE.max}`,
    min_version: `${COMPUTE.major}.${COMPUTE.min}`,
    updated: '2013-07-23T11:33:21Z',
    links: [{ rel: 'self', href: `${url}/compute/v2.1/` }],
    'media-types': [{ base: 'application/json', type: 'application/vnd.openstack.compute+json;version=2.1' }],
  };
}

/** GET / of placement. */
export function placementVersions(): object {
  const version = {
    id: 'v1.0',
    max_version: `${PLACEMENT.major}.${PLACEMENT.max}`,
    min_version: `${PLACEMENT.major}.${PLACEMENT.min}`,
    status: 'CURRENT',
    links: [{ rel: 'self', href: '' }],
  };
  return { versions: [version] };
}

/** GET /v3 of keystone. */
export function identityVersion(url: string): object {
  return {
    id: 'v3.14',
    status: 'stable',
    updated: '2020-04-07T00:00:00Z',
    links: [{ rel: 'self', href: `${url}/identity/v3/` }],
    'media-types': [{ base: 'application/json', type: 'application/vnd.openstack.identity-v3+json' }],
  };
}
