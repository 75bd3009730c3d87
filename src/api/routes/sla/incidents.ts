import { Type } from 'typebox';
import { type IncidentRecord, SLA_INCIDENT } from '../../../sla/incident-record.ts';
import { latestPlanFor } from '../../../sla/recovery.ts';
import { type Api, ERROR_ANSWERS } from '../route.ts';
import type { SlaContext } from './context.ts';

const QUERY = Type.Object(
  {
    state: Type.Unsafe<'open' | 'ended' | 'all'>({ type: 'string', enum: ['open', 'ended', 'all'], default: 'open' }),
    rule: Type.Optional(Type.String({ description: 'Only of this rule.' })),
    limit: Type.Integer({ minimum: 1, maximum: 1_000, default: 100 }),
    marker: Type.Optional(Type.String({ description: 'The last id of the page before.' })),
  },
  { additionalProperties: false },
);

const orNull = (type: 'number' | 'string', description: string) =>
  Type.Unsafe<never>({ type: [type, 'null'], description });

const INCIDENT = Type.Object({
  id: Type.String(),
  rule: Type.String(),
  metric: Type.String(),
  resource: Type.String(),
  project: orNull('string', 'Whose instance it was when it was opened; null for a host.'),
  severity: Type.String(),
  opened_at: Type.Number({ description: 'Seconds since 1970, as all times here.' }),
  value: orNull('number', 'The statistic at the breach.'),
  threshold: Type.Number(),
  ended_at: orNull('number', 'When the metric came back; null while it is breached.'),
  end_reason: orNull('string', 'recovered; lost: nothing was measured any more; out-of-scope; rule-removed.'),
  audit: orNull('string', 'The audit that was asked for last, by its uuid; null when none was.'),
  times_asked: Type.Integer({ description: 'How often an audit was asked for: again when one failed.' }),
  plan: orNull('string', 'The latest plan made for it; its efficacy says what became of the breach.'),
});

const ANSWERS = {
  200: Type.Object({
    incidents: Type.Array(INCIDENT),
    next_marker: Type.Unsafe<string | null>({ type: ['string', 'null'] }),
  }),
  ...ERROR_ANSWERS,
};

/** `GET /sla/incidents`: breaches, the latest first. */
export function incidentsRoute(api: Api, { records, audits }: SlaContext): void {
  const schema = { summary: 'Breaches', tags: ['sla'], querystring: QUERY, response: ANSWERS };
  api.get('/sla/incidents', { schema, config: { ofProject: true } }, ({ query, projectScope }) => {
    const { state, rule, limit, marker } = query;
    const found = [...records.values<IncidentRecord>(SLA_INCIDENT)]
      .map(([, incident]) => incident)
      .filter((it) => projectScope === null || it.project === projectScope)
      .filter((it) => state === 'all' || (it.endedAt === null) === (state === 'open'))
      .filter((it) => (rule === undefined || it.rule === rule) && (marker === undefined || it.id < marker))
      .sort((a, b) => (a.id > b.id ? -1 : 1));
    const page = found.slice(0, limit);
    const plans = [...audits.plans.all()];
    return {
      incidents: page.map((incident) => ({ ...show(incident), plan: latestPlanFor(incident, plans) as never })),
      next_marker: found.length > limit ? (page.at(-1)?.id ?? null) : null,
    };
  });
}

function show({ openedAt, endedAt, endReason, askedAt: _, timesAsked, audit, ...same }: IncidentRecord) {
  const times = { opened_at: openedAt, ended_at: endedAt as never, end_reason: endReason as never };
  const asked = { audit: audit as never, times_asked: timesAsked };
  return { ...same, ...times, ...asked, project: same.project as never, value: same.value as never };
}
