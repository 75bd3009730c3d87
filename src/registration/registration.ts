/** A service in keystone's catalogue. */
export interface CatalogService {
  readonly id: string;
  readonly name: string;
  readonly enabled: boolean;
}

export const INTERFACES = ['public', 'internal', 'admin'] as const;
export type Interface = (typeof INTERFACES)[number];

/** Where the catalogue says that a service is, for those of one network and region. */
export interface CatalogEndpoint {
  readonly id: string;
  readonly interface: string;
  readonly region: string | null;
  readonly url: string;
  readonly enabled: boolean;
}

/** What the catalogue says of the optimizer. */
export interface Registered {
  readonly service: CatalogService | null;
  readonly endpoints: readonly CatalogEndpoint[];
}

/** What it is to say. */
export interface Wanted {
  readonly url: string;
  readonly region: string;
  readonly interfaces: readonly Interface[];
}

/** One change of the catalogue. */
export type Step =
  | { readonly kind: 'create-service' }
  | { readonly kind: 'enable-service'; readonly id: string }
  | { readonly kind: 'create-endpoint'; readonly interface: Interface; readonly region: string; readonly url: string }
  | {
      readonly kind: 'update-endpoint';
      readonly id: string;
      readonly interface: string;
      readonly region: string;
      readonly url: string;
      /** The address before. */
      readonly from: string;
    };

/** What has to be changed so that the catalogue says what is wanted. What it says of other regions and networks is left. */
export function stepsTo(wanted: Wanted, { service, endpoints }: Registered): readonly Step[] {
  const ofService: readonly Step[] =
    service === null
      ? [{ kind: 'create-service' }]
      : service.enabled
        ? []
        : [{ kind: 'enable-service', id: service.id }];
  const ofEndpoints = wanted.interfaces.flatMap((face): readonly Step[] => {
    const { url, region } = wanted;
    const here = endpoints.filter((one) => one.interface === face && one.region === region);
    if (here.length === 0) return [{ kind: 'create-endpoint', interface: face, region, url }];
    return here
      .filter((one) => one.url !== url || !one.enabled)
      .map(({ id, url: from }) => ({ kind: 'update-endpoint', id, interface: face, region, url, from }));
  });
  return [...ofService, ...ofEndpoints];
}

/** A step in words. */
export function describeStep(step: Step): string {
  switch (step.kind) {
    case 'create-service':
      return 'create the service watcher of the type infra-optim';
    case 'enable-service':
      return `enable the service ${step.id}`;
    case 'create-endpoint':
      return `create the ${step.interface} endpoint in ${step.region}: ${step.url}`;
    case 'update-endpoint':
      return `change the ${step.interface} endpoint in ${step.region}: ${step.from} -> ${step.url}`;
  }
}
