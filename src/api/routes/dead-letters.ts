import { Type } from 'typebox';
import { MAX_ID_LENGTH } from '../../../model/element.ts';
import type { ServiceState } from '../../service-state.ts';
import { answerSchema, standing } from '../answer.ts';
import { DEFAULT_LIMIT, MAX_LIMIT } from '../query/list-query.ts';
import { type Api, ERROR_ANSWERS } from './route.ts';

/** The kind under which the store keeps dead letters. */
export const DEAD_LETTER_KIND = 'dead-letter';

const QUERY = Type.Object(
  {
    marker: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: MAX_ID_LENGTH,
        description: 'Begin after this id: the next_marker of the page before.',
      }),
    ),
    limit: Type.Integer({
      minimum: 1,
      maximum: MAX_LIMIT,
      default: DEFAULT_LIMIT,
      description: 'Dead letters on a page, at most.',
    }),
  },
  { additionalProperties: false },
);

const DEAD_LETTER = Type.Object(
  { id: Type.String({ description: 'Ids sort in the order of arrival.' }) },
  { title: 'DeadLetter', additionalProperties: true, description: 'A message that nothing could be made of, and why.' },
);

const ANSWERS = {
  200: answerSchema({
    dead_letters: Type.Array(DEAD_LETTER),
    held: Type.Integer({ description: 'Dead letters kept.' }),
    ever: Type.Integer({ description: 'Dead letters there ever were; the oldest are dropped at a limit.' }),
    next_marker: Type.Unsafe<string | null>({ type: ['string', 'null'] }),
  }),
  ...ERROR_ANSWERS,
};

/** `GET /model/dead-letters`, oldest first. */
export function deadLettersRoute(api: Api, state: ServiceState): void {
  const schema = {
    summary: 'Messages that nothing could be made of',
    tags: ['ingest'],
    querystring: QUERY,
    response: ANSWERS,
  };
  api.get('/model/dead-letters', { schema }, async ({ query }) => {
    const { records, held, ever } = await state.store.listRecords(
      DEAD_LETTER_KIND,
      query.marker ?? null,
      query.limit + 1,
    );
    const page = records.slice(0, query.limit);
    return {
      ...standing(state),
      dead_letters: page.map(({ id, value }) => ({ ...(value as object), id })),
      held,
      ever,
      next_marker: records.length > page.length ? (page.at(-1)?.id ?? null) : null,
    };
  });
}
