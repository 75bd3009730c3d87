import { type Static, Type } from 'typebox';
import type { AutomationSwitch } from '../../audits/automation-switch.ts';
import type { FailSafe } from '../../plans/fail-safe.ts';
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
        'acting: plans are carried out by themselves; held: something is doubtful; paused: somebody said so.',
    }),
    reasons: Type.Array(Type.String(), { description: 'Why nothing is done automatically, one sentence each.' }),
    paused: Type.Boolean(),
    paused_by: Type.Unsafe<string | null>(nullable('Who switched it last.')),
    paused_reason: Type.Unsafe<string | null>(nullable('Why it is paused.')),
    switched_at: Type.Unsafe<string | null>(nullable('When it was switched last; null when it never was.')),
  }),
  ...ERROR_ANSWERS,
};

/** `GET /automation`, `POST /automation/pause` and `/automation/resume`: whether Vigil acts by itself, and the switch. */
export function automationRoutes(api: Api, automation: AutomationSwitch, failSafe: FailSafe, now: () => number): void {
  const show = (): Static<(typeof ANSWERS)[200]> => {
    const { paused, by, reason, at } = automation.state;
    const reasons = [...failSafe.reasons(now())];
    return {
      state: paused ? 'paused' : reasons.length > 0 ? 'held' : 'acting',
      reasons,
      paused,
      paused_by: by?.name ?? null,
      paused_reason: reason,
      switched_at: at === null ? null : new Date(at).toISOString(),
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
