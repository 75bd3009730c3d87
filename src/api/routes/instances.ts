import type { ServiceState } from '../../service-state.ts';
import { INSTANCE } from '../elements/kinds.ts';
import { candidates, INSTANCE_FILTERS, instanceMatcher } from '../query/instance-filter.ts';
import { listPage } from '../query/list.ts';
import { listQuerySchema } from '../query/list-query.ts';
import { listAnswer, listAnswers } from './list-route.ts';
import type { Api } from './route.ts';

/** `GET /model/instances`. */
export function instancesRoute(api: Api, state: ServiceState): void {
  const querystring = listQuerySchema(INSTANCE, INSTANCE_FILTERS);
  const schema = { summary: 'Instances', tags: ['model'], querystring, response: listAnswers(INSTANCE) };
  api.get('/model/instances', { schema, config: { ofProject: true } }, ({ query: asked, projectScope }) => {
    const { model } = state;
    const query = projectScope === null ? asked : { ...asked, project: [projectScope] };
    const page = listPage(INSTANCE, candidates(query, model), instanceMatcher(query, model), query, model);
    return listAnswer(INSTANCE, page, state);
  });
}
