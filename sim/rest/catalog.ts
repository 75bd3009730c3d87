/** The region of all endpoints. */
export const REGION = 'RegionOne';

/** A service as keystone's catalogue names it. */
export interface CatalogService {
  readonly type: string;
  readonly name: string;
  readonly url: string;
}

const OWN = [
  { type: 'identity', name: 'keystone', path: '/identity' },
  { type: 'compute', name: 'nova', path: '/compute/v2.1' },
  { type: 'placement', name: 'placement', path: '/placement' },
];

/** The catalogue that is told with a token: the services at `url`, then the others. */
export function catalogOf(url: string, others: readonly CatalogService[]): object[] {
  const services = [...OWN.map(({ path, ...service }) => ({ ...service, url: url + path })), ...others];
  return services.map(({ type, name, url: address }, i) => ({
    id: String(i + 1).padStart(32, '0'),
    type,
    name,
    endpoints: ['public', 'internal', 'admin'].map((interfaceName, j) => ({
      id: String(10 * (i + 1) + j).padStart(32, '0'),
      interface: interfaceName,
      region: REGION,
      region_id: REGION,
      url: address,
    })),
  }));
}
