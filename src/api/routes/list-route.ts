import type { TSchema } from 'typebox';
import { Type } from 'typebox';
import type { Entity } from '../../../model/live-model.ts';
import type { ServiceState } from '../../service-state.ts';
import { answerSchema, type Standing, standing } from '../answer.ts';
import { schemaOf } from '../elements/field.ts';
import type { Kind } from '../elements/kinds.ts';
import type { Page } from '../query/list.ts';
import { ERROR_ANSWERS } from './route.ts';

/** The schemas of a list's answers. */
export function listAnswers<E extends Entity>(kind: Kind<E>): Record<string, TSchema> {
  const elements = Type.Array(schemaOf(kind.fields, kind.title));
  const next_marker = Type.Unsafe<string | null>({
    type: ['string', 'null'],
    description: 'The marker of the next page; null on the last.',
  });
  return { 200: answerSchema({ [kind.plural]: elements, next_marker }), ...ERROR_ANSWERS };
}

export function listAnswer<E extends Entity>(
  kind: Kind<E>,
  page: Page,
  state: ServiceState,
): Standing & Record<string, unknown> {
  return { ...standing(state), [kind.plural]: page.elements, next_marker: page.nextMarker };
}
