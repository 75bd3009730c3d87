import type { ServiceState } from '../../service-state.ts';
import { AGGREGATE } from '../elements/kinds.ts';
import { listPage } from '../query/list.ts';
import { listQuerySchema } from '../query/list-query.ts';
import { listAnswer, listAnswers } from './list-route.ts';
import type { Api } from './route.ts';

/** `GET /model/aggregates`. */
export function aggregatesRoute(api: Api, state: ServiceState): void {
  const querystring = listQuerySchema(AGGREGATE, {});
  const schema = { summary: 'Host aggregates', tags: ['model'], querystring, response: listAnswers(AGGREGATE) };
  api.get('/model/aggregates', { schema }, ({ query }) => {
    const page = listPage(AGGREGATE, state.model.aggregates(), () => true, query, state.model);
    return listAnswer(AGGREGATE, page, state);
  });
}
