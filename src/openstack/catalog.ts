import { ApiError } from './errors.ts';
import type { Interface, LookedUpServiceType, ServiceType } from './options.ts';

/** An entry of keystone's service catalog, as it comes: nothing in it is certain. */
export interface CatalogEntry {
  readonly type?: unknown;
  readonly endpoints?: unknown;
}

interface Endpoint {
  readonly interface: string;
  readonly region: string;
  readonly url: string;
}

/**
 * The address of a service by the catalog. Without a region there must be only one that has it. Throws ApiError
 * (`no-endpoint`), saying what the catalog does have.
 */
export function endpointOf(
  catalog: readonly CatalogEntry[],
  type: ServiceType | LookedUpServiceType,
  face: Interface,
  region: string | null,
): string {
  const all = catalog.filter((entry) => entry.type === type).flatMap(endpointsOf);
  const fitting = all.filter((one) => one.interface === face && (region === null || one.region === region));
  const urls = [...new Set(fitting.map(({ url }) => url))];
  const [url] = urls;
  const wanted = `Looking for the ${face} endpoint of ${type}${region === null ? '' : ` in region ${region}`}`;
  if (url === undefined) throw new ApiError('no-endpoint', wanted, `the catalog has ${listed(all)} for it`);
  if (urls.length > 1)
    throw new ApiError('no-endpoint', wanted, `there are ${urls.length}: ${listed(fitting)}`, {
      advice: 'Name the region.',
    });
  return url;
}

function listed(endpoints: readonly Endpoint[]): string {
  if (endpoints.length === 0) return 'none';
  return [...new Set(endpoints.map((one) => `${one.interface} in ${one.region}`))].join(', ');
}

function endpointsOf(entry: CatalogEntry): Endpoint[] {
  if (!Array.isArray(entry.endpoints)) return [];
  return entry.endpoints.flatMap((one: Record<string, unknown> | null) => {
    const { interface: face, region, region_id: regionId, url } = one ?? {};
    if (typeof face !== 'string' || typeof url !== 'string' || !URL.canParse(url)) return [];
    return [{ interface: face, region: String(regionId ?? region ?? ''), url: url.replace(/\/+$/, '') }];
  });
}
