import type { Flavor } from '../../state/types.ts';
import type { Call } from '../api.ts';
import { notFound } from '../errors.ts';
import { afterMarker, collection, pageOf } from '../paging.ts';
import type { Route } from '../routes.ts';

/** `/flavors` */
export const FLAVOR_ROUTES: readonly Route[] = [
  ['GET', '/flavors', (call) => list(call, '/flavors', briefView)],
  ['GET', '/flavors/detail', (call) => list(call, '/flavors/detail', view)],
  ['GET', '/flavors/:id', (call) => ({ flavor: view(call, find(call)) })],
  ['GET', '/flavors/:id/os-extra_specs', (call) => ({ extra_specs: find(call).extraSpecs })],
];

function list(call: Call, path: string, viewOf: (call: Call, flavor: Flavor) => object): object {
  const { query } = call;
  const flavors = afterMarker(call.cloud.fabric.flavors, query, ({ flavorid }) => flavorid);
  const page = pageOf(flavors, query, `${call.api.url()}/compute/v2.1${path}`, ({ flavorid }) => flavorid);
  return collection('flavors', page, (flavor) => viewOf(call, flavor));
}

function find(call: Call): Flavor {
  const id = call.params.id ?? '';
  const flavor = call.cloud.fabric.flavors.find(({ flavorid }) => flavorid === id);
  if (flavor === undefined) throw notFound(`Flavor ${id} could not be found.`);
  return flavor;
}

function briefView(call: Call, flavor: Flavor): object {
  const url = call.api.url();
  return {
    id: flavor.flavorid,
    name: flavor.name,
    links: [
      { rel: 'self', href: `${url}/compute/v2.1/flavors/${flavor.flavorid}` },
      { rel: 'bookmark', href: `${url}/compute/flavors/${flavor.flavorid}` },
    ],
    ...(call.version >= 55 ? { description: null } : {}),
  };
}

function view(call: Call, flavor: Flavor): object {
  const { version } = call;
  return {
    ...briefView(call, flavor),
    ram: flavor.memoryMb,
    disk: flavor.rootGb,
    swap: flavor.swapMb === 0 && version < 75 ? '' : flavor.swapMb,
    'OS-FLV-EXT-DATA:ephemeral': flavor.ephemeralGb,
    'OS-FLV-DISABLED:disabled': false,
    vcpus: flavor.vcpus,
    'os-flavor-access:is_public': true,
    rxtx_factor: 1.0,
    ...(version >= 61 ? { extra_specs: flavor.extraSpecs } : {}),
  };
}
