import { Type } from 'typebox';
import { PASS_KINDS, type PassKind } from '../../reconcile/collector.ts';
import type { ServiceState } from '../../service-state.ts';
import { answerSchema, standing } from '../answer.ts';
import { byKind, intervalSchema, PASS_SCHEMA, reconcilingOf, showPass } from '../reconcile-answers.ts';
import { type Api, ERROR_ANSWERS } from './route.ts';

const NO_QUERY = Type.Object({}, { additionalProperties: false });

const TALLY = Type.Object({ complete: Type.Integer(), incomplete: Type.Integer() }, { additionalProperties: false });

const ANSWERS = {
  200: answerSchema({
    total: Type.Integer({ description: 'Corrections since the process that makes the passes started.' }),
    early: Type.Integer({ description: 'Readings that were ahead of notifications by moments; not in the total.' }),
    corrections: Type.Array(
      Type.Object(
        {
          register: Type.String({ description: 'What was wrong.' }),
          cause: Type.String({ description: 'The event or reading that had told the wrong value.' }),
          count: Type.Integer(),
        },
        { title: 'Drift', additionalProperties: false },
      ),
      { description: 'Most frequent first.' },
    ),
    running: Type.Unsafe<PassKind | null>({ type: ['string', 'null'], description: 'The pass under way.' }),
    waiting: Type.Integer({ description: 'Single readings waiting.' }),
    held: Type.Record(Type.String(), Type.Integer(), {
      description: 'How many of each kind are missing from lists and kept until a second pass or an operator agrees.',
    }),
    intervals: byKind(intervalSchema, 'Seconds between two passes.'),
    ended: byKind(() => TALLY, 'Passes since that process started.'),
    last: byKind(() => Type.Union([PASS_SCHEMA, Type.Null()]), 'The last pass of each kind.'),
    clock_ahead_seconds: Type.Number({ description: 'How far nova’s clock is ahead of ours.' }),
  }),
  ...ERROR_ANSWERS,
};

/** `GET /model/drift`: how true the notifications kept the model, and how it is compared with the cloud. */
export function driftRoute(api: Api, state: ServiceState): void {
  const schema = {
    summary: 'What the cloud’s APIs had to correct',
    tags: ['model'],
    querystring: NO_QUERY,
    response: ANSWERS,
  };
  api.get('/model/drift', { schema }, async () => {
    const { drift, status } = await reconcilingOf(state).ask('standing', null);
    const { counts, total, early } = drift;
    const { running, waiting, held, intervalsSeconds, ended, last, clockAheadSeconds } = status;
    const shown = PASS_KINDS.map((kind) => [kind, last[kind] === null ? null : showPass(last[kind])]);
    return {
      ...standing(state),
      total,
      early,
      corrections: counts,
      running,
      waiting,
      held,
      intervals: intervalsSeconds,
      ended,
      last: Object.fromEntries(shown),
      clock_ahead_seconds: clockAheadSeconds,
    };
  });
}

const CONFIRM_BODY = Type.Object(
  { wait: Type.Boolean({ default: false, description: 'Answer when the pass has ended, with its report.' }) },
  { additionalProperties: false },
);

const CONFIRM_ANSWERS = {
  200: answerSchema({ report: PASS_SCHEMA }),
  202: answerSchema({}),
  ...ERROR_ANSWERS,
};

/** `POST /model/drift/confirm-absences`: what is held as missing may really be gone, and is asked for one by one. */
export function confirmAbsencesRoute(api: Api, state: ServiceState): void {
  const schema = {
    summary: 'Confirm that what is held as missing is gone',
    tags: ['model'],
    body: CONFIRM_BODY,
    response: CONFIRM_ANSWERS,
  };
  api.post('/model/drift/confirm-absences', { schema }, async ({ body: { wait } }, reply) => {
    const report = await reconcilingOf(state).ask('confirm', { wait });
    if (report === null) return reply.code(202).send(standing(state));
    return { ...standing(state), report: showPass(report) };
  });
}
