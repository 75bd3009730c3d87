import type { ServiceState } from '../../service-state.ts';
import { SERVER_GROUP } from '../elements/kinds.ts';
import { listPage } from '../query/list.ts';
import { listQuerySchema } from '../query/list-query.ts';
import { listAnswer, listAnswers } from './list-route.ts';
import type { Api } from './route.ts';

/** `GET /model/server-groups`. */
export function serverGroupsRoute(api: Api, state: ServiceState): void {
  const querystring = listQuerySchema(SERVER_GROUP, {});
  const schema = { summary: 'Server groups', tags: ['model'], querystring, response: listAnswers(SERVER_GROUP) };
  api.get('/model/server-groups', { schema }, ({ query }) => {
    const page = listPage(SERVER_GROUP, state.model.serverGroups(), () => true, query, state.model);
    return listAnswer(SERVER_GROUP, page, state);
  });
}
