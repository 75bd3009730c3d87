import { type TSchema, Type } from 'typebox';
import type { Entity } from '../../../model/live-model.ts';
import type { ServiceState } from '../../service-state.ts';
import { answerSchema, type Standing, standing } from '../answer.ts';
import { represent, schemaOf } from '../elements/field.ts';
import type { Kind } from '../elements/kinds.ts';
import { explainFields, explainHistory, HISTORY_SCHEMA } from '../explain.ts';
import { selectFields } from '../query/fields.ts';
import type { ElementQuery } from '../query/list-query.ts';
import { ERROR_ANSWERS } from './route.ts';

/** The schemas of one element's answers. */
export function elementAnswers<E extends Entity>(kind: Kind<E>): Record<string, TSchema> {
  const element = schemaOf(kind.fields, kind.title);
  return { 200: answerSchema({ [kind.kind]: element, history: Type.Optional(HISTORY_SCHEMA) }), ...ERROR_ANSWERS };
}

export async function elementAnswer<E extends Entity>(
  kind: Kind<E>,
  element: E,
  id: string,
  query: ElementQuery,
  state: ServiceState,
): Promise<Standing & Record<string, unknown>> {
  const { model, store } = state;
  const fields = selectFields(kind.fields, query.fields);
  const shown = represent(fields, element, model);
  const now = standing(state);
  if (!query.explain) return { ...now, [kind.kind]: shown };
  const explain = explainFields(kind.kind, id, fields, model);
  const history = await explainHistory(kind.kind, id, store);
  return { ...now, [kind.kind]: { ...shown, explain }, history };
}
