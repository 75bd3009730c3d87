import { Type } from 'typebox';
import { MAX_ID_LENGTH } from '../../../model/element.ts';
import { instanceKey, type LiveModel } from '../../../model/live-model.ts';
import { REGISTER } from '../../../model/registers.ts';
import { VigilError } from '../../errors.ts';
import type { ServiceState } from '../../service-state.ts';
import { INSTANCE } from '../elements/kinds.ts';
import { isoTime } from '../elements/time.ts';
import { ELEMENT_QUERY } from '../query/list-query.ts';
import { elementAnswer, elementAnswers } from './element-route.ts';
import type { Api } from './route.ts';

/** The uuid of an instance in an address. */
export const INSTANCE_PARAMS = Type.Object({
  uuid: Type.String({ minLength: 1, maxLength: MAX_ID_LENGTH, description: 'Uuid of the instance.' }),
});

/** `GET /model/instances/{uuid}`. */
export function instanceRoute(api: Api, state: ServiceState): void {
  const schema = {
    summary: 'One instance',
    tags: ['model'],
    params: INSTANCE_PARAMS,
    querystring: ELEMENT_QUERY,
    response: elementAnswers(INSTANCE),
  };
  api.get('/model/instances/:uuid', { schema, config: { ofProject: true } }, ({ params, query, projectScope }) => {
    const instance = state.model.instance(params.uuid);
    if (projectScope !== null && instance?.identity?.project_id !== projectScope)
      throw new VigilError('instance-not-found', { id: params.uuid });
    if (instance === undefined) throw missing(params.uuid, state.model);
    return elementAnswer(INSTANCE, instance, params.uuid, query, state);
  });
}

/** A deleted instance is not there, but who said so and when can be told while its tombstone is kept. */
export function missing(uuid: string, model: LiveModel): VigilError {
  const life = model.explain(instanceKey(uuid))?.find(({ register }) => register === REGISTER.life);
  if (life?.value !== true) return new VigilError('instance-not-found', { id: uuid });
  const { event, publisher, time } = life.cause;
  return new VigilError('instance-deleted', { id: uuid, event, publisher, at: isoTime(time) });
}
