import { Type } from 'typebox';
import { MAX_ID_LENGTH } from '../../../model/element.ts';
import { VigilError } from '../../errors.ts';
import type { ServiceState } from '../../service-state.ts';
import { HOST } from '../elements/kinds.ts';
import { ELEMENT_QUERY } from '../query/list-query.ts';
import { elementAnswer, elementAnswers } from './element-route.ts';
import type { Api } from './route.ts';

/** The name of a host in an address. */
export const HOST_PARAMS = Type.Object({
  name: Type.String({ minLength: 1, maxLength: MAX_ID_LENGTH, description: 'Name of the host.' }),
});

/** `GET /model/hosts/{name}`. */
export function hostRoute(api: Api, state: ServiceState): void {
  const schema = {
    summary: 'One host',
    tags: ['model'],
    params: HOST_PARAMS,
    querystring: ELEMENT_QUERY,
    response: elementAnswers(HOST),
  };
  api.get('/model/hosts/:name', { schema }, ({ params, query }) => {
    const host = state.model.host(params.name);
    if (host === undefined) throw new VigilError('host-not-found', { id: params.name });
    return elementAnswer(HOST, host, params.name, query, state);
  });
}
