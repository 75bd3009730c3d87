import { type Static, Type } from 'typebox';
import type { Host } from '../../../model/host.ts';
import type { LiveModel } from '../../../model/live-model.ts';
import { shownZoneOfHost } from '../../../model/zone.ts';
import type { ServiceState } from '../../service-state.ts';
import { HOST } from '../elements/kinds.ts';
import { anyOf, hostsOf } from '../query/instance-filter.ts';
import { listPage } from '../query/list.ts';
import { listQuerySchema } from '../query/list-query.ts';
import { listAnswer, listAnswers } from './list-route.ts';
import type { Api } from './route.ts';

const FILTERS = {
  az: anyOf('In this availability zone.'),
  aggregate: anyOf('In this aggregate, given by uuid or name.'),
  up: Type.Optional(Type.Boolean({ description: 'Whether nova counts its service as up.' })),
  disabled: Type.Optional(Type.Boolean({ description: 'Whether its service is disabled.' })),
};
const FILTER_OBJECT = Type.Object(FILTERS);

/** `GET /model/hosts`. */
export function hostsRoute(api: Api, state: ServiceState): void {
  const querystring = listQuerySchema(HOST, FILTERS);
  const schema = { summary: 'Hosts', tags: ['model'], querystring, response: listAnswers(HOST) };
  api.get('/model/hosts', { schema }, ({ query }) => {
    const page = listPage(HOST, state.model.hosts(), hostMatcher(query, state.model), query, state.model);
    return listAnswer(HOST, page, state);
  });
}

function hostMatcher(filters: Static<typeof FILTER_OBJECT>, model: LiveModel): (host: Host) => boolean {
  const zones = filters.az && new Set(filters.az);
  const members = filters.aggregate && hostsOf(filters.aggregate, model);
  return (host) =>
    (zones === undefined || zones.has(shownZoneOfHost(host.name, model))) &&
    (members === undefined || members.has(host.name)) &&
    (filters.up === undefined || host.up === filters.up) &&
    (filters.disabled === undefined || host.service?.disabled === filters.disabled);
}
