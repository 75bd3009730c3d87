import { Type } from 'typebox';
import { countHosts, countOf } from '../../counts.ts';
import type { ServiceState } from '../../service-state.ts';
import { answerSchema, standing } from '../answer.ts';
import { type Api, ERROR_ANSWERS } from './route.ts';

const COUNTS = Type.Record(Type.String(), Type.Integer());

const ANSWERS = {
  200: answerSchema({
    cloud: Type.String(),
    hosts: Type.Object({ count: Type.Integer(), up: Type.Integer(), down: Type.Integer(), disabled: Type.Integer() }),
    instances: Type.Object({
      count: Type.Integer(),
      by_state: COUNTS,
      vcpus: Type.Integer(),
      memory_mb: Type.Integer(),
      disk_gb: Type.Integer(),
    }),
    aggregates: Type.Integer(),
    server_groups: Type.Integer(),
    ingest: Type.Object(
      {
        messages: Type.Integer(),
        ignored: Type.Integer(),
        dead_letters: Type.Integer(),
        facts_won: Type.Integer(),
        facts_lost: Type.Integer(),
        clocks_cut: Type.Integer(),
        by_event: COUNTS,
      },
      { description: 'Since the start of this process.' },
    ),
    sources: Type.Array(
      Type.Object({
        name: Type.String(),
        status: Type.String({ description: 'connecting, connected, waiting, gap, caught-up or ended.' }),
        detail: Type.String(),
        received: Type.Integer(),
        pending: Type.Integer(),
        gaps: Type.Integer(),
      }),
    ),
    metric_sources: Type.Array(
      Type.Object({
        name: Type.String(),
        kind: Type.String(),
        status: Type.String(),
        detail: Type.String(),
        received: Type.Integer(),
        taken: Type.Integer(),
      }),
      { description: 'Sources of measurements; GET /sla/sources tells more.' },
    ),
    store: Type.Object({ kind: Type.String(), location: Type.String(), problems: Type.Array(Type.String()) }),
    notices: Type.Array(Type.Object({ code: Type.String(), text: Type.String() }), {
      description: 'What an operator should mend.',
    }),
  }),
  ...ERROR_ANSWERS,
};

const NO_QUERY = Type.Object({}, { additionalProperties: false });

/** `GET /model/stats`. */
export function statsRoute(api: Api, state: ServiceState): void {
  const schema = { summary: 'Counts', tags: ['model'], querystring: NO_QUERY, response: ANSWERS };
  api.get('/model/stats', { schema }, async () => {
    const store = await state.store.health();
    const { model } = state;
    const { all, byState } = model.totals();
    const counters = state.counters();
    return {
      ...standing(state),
      cloud: state.cloud,
      hosts: countHosts(model),
      instances: {
        count: all.instances,
        by_state: Object.fromEntries(byState),
        vcpus: all.vcpus,
        memory_mb: all.memory_mb,
        disk_gb: all.disk_gb,
      },
      aggregates: countOf(model.aggregates()),
      server_groups: countOf(model.serverGroups()),
      ingest: {
        messages: counters.messages,
        ignored: counters.ignored,
        dead_letters: counters.deadLetters,
        facts_won: counters.factsWon,
        facts_lost: counters.factsLost,
        clocks_cut: counters.clocksCut,
        by_event: Object.fromEntries(counters.byEvent),
      },
      sources: state.sources().map(({ name, last, received, pending, gaps }) => ({
        name,
        status: last.kind,
        detail: last.detail,
        received,
        pending,
        gaps,
      })),
      metric_sources: (state.measuring?.sources() ?? []).map(({ name, kind, last, received, taken }) => ({
        name,
        kind,
        status: last.kind,
        detail: last.detail,
        received,
        taken,
      })),
      store,
      notices: state.notices(),
    };
  });
}
