import { type Static, Type } from 'typebox';
import type { AutomationSwitch } from '../../audits/automation-switch.ts';
import type { FailSafe } from '../../plans/fail-safe.ts';
import type { Pace } from '../../plans/pace.ts';
import { actorOf } from '../v1/stored.ts';
import { type Api, ERROR_ANSWERS } from './route.ts';

const MAX_REASON = 1_000;

const BODY = Type.Object(
  { reason: Type.Optional(Type.String({ maxLength: MAX_REASON, description: 'Shown to whoever asks why.' })) },
  { additionalProperties: false },
);

const nullable = (description: string): object => ({ type: ['string', 'null'], description });

const ANSWERS = {
  200: Type.Object({
    state: Type.Unsafe<'acting' | 'held' | 'paused'>({
      type: 'string',
      enum: ['acting', 'held', 'paused'],
      description:
        'acting: plans are carried out by themselves; held: something is doubtful, or a limit is reached; paused: somebody said so.',
    }),
    reasons: Type.Array(Type.String(), { description: 'Why nothing is done automatically, one sentence each.' }),
    paused: Type.Boolean(),
    paused_by: Type.Unsafe<string | null>(nullable('Who paused it; null while it is not paused.')),
    paused_reason: Type.Unsafe<string | null>(nullable('Why it is paused; null also when nobody said so.')),
    resumed_by: Type.Unsafe<string | null>(
      nullable('Who resumed it last; null while it is paused, and when it never was.'),
    ),
    switched_at: Type.Unsafe<string | null>(nullable('When it was paused or resumed last; null when it never was.')),
    moves_last_hour: Type.Integer({
      description: 'Instances whose moves were begun automatically within the last hour.',
    }),
    moves_per_hour: Type.Unsafe<number | null>({
      type: ['integer', 'null'],
      description: 'How many may be (automation.moves_per_hour); null for as many as there are.',
    }),
  }),
  ...ERROR_ANSWERS,
};

export interface AutomationParts {
  readonly automation: AutomationSwitch;
  readonly failSafe: FailSafe;
  /** What was moved automatically, as it is known now. */
  readonly pace: () => Pace;
  readonly now: () => number;
}

/** `GET /automation`, `POST /automation/pause` and `/automation/resume`: whether Vigil acts by itself, and the switch. */
export function automationRoutes(api: Api, { automation, failSafe, pace, now }: AutomationParts): void {
  const show = (): Static<(typeof ANSWERS)[200]> => {
    const { paused, by, reason, at } = automation.state;
    const moves = pace();
    const full = moves.full(now());
    const reasons = [...failSafe.reasons(now()), ...(full === null ? [] : [full])];
    const who = by?.name ?? null;
    return {
      state: paused ? 'paused' : reasons.length > 0 ? 'held' : 'acting',
      reasons,
      paused,
      paused_by: paused ? who : null,
      paused_reason: reason,
      resumed_by: paused ? null : who,
      switched_at: at === null ? null : new Date(at).toISOString(),
      moves_last_hour: moves.begunWithinHour(now()),
      moves_per_hour: moves.limit,
    };
  };
  const described = (summary: string): object => ({ summary, tags: ['automation'], response: ANSWERS });
  api.get('/automation', { schema: described('Whether plans are carried out automatically') }, show);
  api.post(
    '/automation/pause',
    { schema: { ...described('Stop all automatic action'), body: BODY } },
    async (request) => {
      const { reason = null } = (request.body ?? {}) as Static<typeof BODY>;
      await automation.pause(reason, actorOf(request));
      return show();
    },
  );
  api.post('/automation/resume', { schema: described('Let automatic action go on') }, async (request) => {
    await automation.resume(actorOf(request));
    return show();
  });
}
