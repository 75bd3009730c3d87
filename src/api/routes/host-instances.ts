import { VigilError } from '../../errors.ts';
import type { ServiceState } from '../../service-state.ts';
import { INSTANCE } from '../elements/kinds.ts';
import { INSTANCE_FILTERS, instanceMatcher } from '../query/instance-filter.ts';
import { listPage } from '../query/list.ts';
import { listQuerySchema } from '../query/list-query.ts';
import { HOST_PARAMS } from './host.ts';
import { listAnswer, listAnswers } from './list-route.ts';
import type { Api } from './route.ts';

/** `GET /model/hosts/{name}/instances`. */
export function hostInstancesRoute(api: Api, state: ServiceState): void {
  const { host: _, ...filters } = INSTANCE_FILTERS;
  const querystring = listQuerySchema(INSTANCE, filters);
  const schema = {
    summary: 'Instances on one host',
    tags: ['model'],
    params: HOST_PARAMS,
    querystring,
    response: listAnswers(INSTANCE),
  };
  api.get('/model/hosts/:name/instances', { schema }, ({ params, query }) => {
    const { model } = state;
    if (model.host(params.name) === undefined) throw new VigilError('host-not-found', { id: params.name });
    const page = listPage(INSTANCE, model.instancesOn(params.name), instanceMatcher(query, model), query, model);
    return listAnswer(INSTANCE, page, state);
  });
}
