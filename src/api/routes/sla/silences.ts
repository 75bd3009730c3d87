import { randomUUID } from 'node:crypto';
import { type Static, Type } from 'typebox';
import { DURATION_PATTERN, parseDuration } from '../../../../streams/sla/duration.ts';
import { VigilError } from '../../../errors.ts';
import { isOver, type Silence, SLA_SILENCE, silentUntil } from '../../../sla/silence.ts';
import { type Api, ERROR_ANSWERS } from '../route.ts';
import type { SlaContext } from './context.ts';
import { NO_QUERY } from './rules.ts';

const NAMES = Type.Array(Type.String({ minLength: 1, maxLength: 255 }), { minItems: 1, maxItems: 1_000 });
const DURATION = Type.String({ pattern: DURATION_PATTERN, form: 'a duration such as 30s, 2m, 1.5h or 30d' });

const WHERE = Type.Object(
  {
    aggregate: Type.Optional(NAMES),
    availability_zone: Type.Optional(NAMES),
    host: Type.Optional(NAMES),
    project: Type.Optional(NAMES),
    flavor: Type.Optional(NAMES),
    metadata: Type.Optional(Type.Record(Type.String(), Type.String())),
    server_group: Type.Optional(NAMES),
  },
  { additionalProperties: false, default: {}, description: 'Of whom, as in rules; empty for all.' },
);

const BODY = Type.Object(
  {
    rules: Type.Optional(Type.Array(Type.String(), { minItems: 1, description: 'Of these rules; default: of all.' })),
    where: WHERE,
    from: Type.Optional(
      Type.Number({ description: 'Seconds since 1970; default: now. Later for a maintenance window.' }),
    ),
    for: Type.Unsafe<string>({ ...DURATION, description: 'How long, such as 2h.' }),
    every: Type.Optional(
      Type.Unsafe<string>({ ...DURATION, description: 'A maintenance window that returns, such as 7d.' }),
    ),
    comment: Type.String({ minLength: 1, maxLength: 1_000, description: 'Why.' }),
  },
  { additionalProperties: false },
);

const SILENCE = Type.Object({
  id: Type.String(),
  rules: Type.Unsafe<string[] | null>({ type: ['array', 'null'], items: { type: 'string' } }),
  where: Type.Unsafe<Silence['where']>({ type: 'object' }),
  from: Type.Number({ description: 'Seconds since 1970.' }),
  until: Type.Number(),
  every: Type.Unsafe<number | null>({ type: ['number', 'null'], description: 'Seconds; null for once.' }),
  active: Type.Boolean({ description: 'Whether it is on now.' }),
  comment: Type.String(),
  created_by: Type.String(),
  created_at: Type.Number(),
});

/** `GET` and `POST /sla/silences`, `DELETE /sla/silences/{id}`: times in which nothing is made of breaches. */
export function silencesRoutes(api: Api, { records, book, now }: SlaContext): void {
  const listed = { 200: Type.Object({ silences: Type.Array(SILENCE) }), ...ERROR_ANSWERS };
  const listing = {
    summary: 'Silences and maintenance windows',
    tags: ['sla'],
    querystring: NO_QUERY,
    response: listed,
  };
  api.get('/sla/silences', { schema: listing }, () => ({
    silences: [...records.values<Silence>(SLA_SILENCE)].map(([, silence]) => show(silence, now())),
  }));
  const made = { 201: SILENCE, ...ERROR_ANSWERS };
  const making = { summary: 'Silence rules for a time', tags: ['sla'], body: BODY, response: made };
  api.post('/sla/silences', { schema: making }, async ({ body, identity }, reply) => {
    for (const name of body.rules ?? []) book.get(name);
    const silence = silenceOf(body, identity.user ?? 'an operator', now());
    const past = [...records.values<Silence>(SLA_SILENCE)].filter(([, it]) => isOver(it, silence.createdAt));
    await records.change(() => [
      { kind: SLA_SILENCE, id: silence.id, value: silence as never },
      ...past.map(([id]) => ({ kind: SLA_SILENCE, id, value: null })),
    ]);
    return reply.code(201).send(show(silence, silence.createdAt));
  });
  const params = Type.Object({ id: Type.String() });
  const gone = { 204: Type.Null(), ...ERROR_ANSWERS };
  const removing = { summary: 'End a silence', tags: ['sla'], params, response: gone };
  api.delete('/sla/silences/:id', { schema: removing }, async ({ params: { id } }, reply) => {
    await records.change(() => {
      if (records.get(SLA_SILENCE, id) === undefined) throw new VigilError('silence-not-found', { id });
      return [{ kind: SLA_SILENCE, id, value: null }];
    });
    return reply.code(204).send(null);
  });
}

function silenceOf(body: Static<typeof BODY>, by: string, now: number): Silence {
  const { rules = null, where, from = now, comment } = body;
  const length = parseDuration(body.for);
  const every = body.every === undefined ? null : parseDuration(body.every);
  const refuse = (problem: string): never => {
    throw new VigilError('silence-invalid', { problem });
  };
  if (!(length > 0)) refuse('for must be more than nothing');
  if (every !== null && every <= length) refuse('every must be longer than for');
  if (every === null && from + length <= now) refuse('it would be over already');
  const times = { from, until: from + length, every };
  return { id: randomUUID(), rules, where, ...times, comment, createdBy: by, createdAt: now };
}

function show(silence: Silence, now: number) {
  const { createdBy, createdAt, rules, ...same } = silence;
  const active = silentUntil(silence, now) !== null;
  const names = rules === null ? null : [...rules];
  return { ...same, rules: names, active, created_by: createdBy, created_at: createdAt };
}
