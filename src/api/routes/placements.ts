import { Type } from 'typebox';
import { explainMoves } from '../../../strategies/constraints/may-move.ts';
import { MOVE_KINDS, type MoveKind } from '../../../strategies/constraints/move.ts';
import { REASONS } from '../../../strategies/constraints/reason.ts';
import type { ServiceState } from '../../service-state.ts';
import { answerSchema, standing } from '../answer.ts';
import { INSTANCE_PARAMS, missing } from './instance.ts';
import { type Api, ERROR_ANSWERS } from './route.ts';

const QUERY = Type.Object(
  {
    kind: Type.Unsafe<MoveKind>({
      type: 'string',
      enum: [...MOVE_KINDS],
      default: 'live',
      description: 'Whether it is to be moved while it runs, or stopped in between.',
    }),
  },
  { additionalProperties: false },
);

const REASON_LIST = Type.Array(
  Type.Object(
    {
      code: Type.String({ description: `For programs: ${Object.keys(REASONS).join(', ')}.` }),
      text: Type.String({ description: 'For people.' }),
    },
    { title: 'Reason', additionalProperties: false },
  ),
);

const PLACEMENT = Type.Object(
  {
    host: Type.String(),
    allowed: Type.Boolean({ description: 'Whether it may be moved there now.' }),
    forbidden: REASON_LIST,
    notes: REASON_LIST,
  },
  { title: 'Placement', additionalProperties: false },
);

const ANSWERS = {
  200: answerSchema({ instance: Type.String(), kind: Type.String(), placements: Type.Array(PLACEMENT) }),
  ...ERROR_ANSWERS,
};

/** `GET /model/instances/{uuid}/placements`: every host, with yes or the rules that forbid it. */
export function placementsRoute(api: Api, state: ServiceState): void {
  const schema = {
    summary: 'To which hosts an instance may be moved, and why not to the others',
    tags: ['model'],
    params: INSTANCE_PARAMS,
    querystring: QUERY,
    response: ANSWERS,
  };
  api.get('/model/instances/:uuid/placements', { schema }, ({ params: { uuid }, query: { kind } }) => {
    if (state.model.instance(uuid) === undefined) throw missing(uuid, state.model);
    return { ...standing(state), instance: uuid, kind, placements: explainMoves(state.model, uuid, kind) };
  });
}
