import { type Static, Type } from 'typebox';
import type { Answer, AnswerFinder } from '../../audits/answer.ts';
import type { TemplateService } from '../../audits/template-service.ts';
import { VigilError } from '../../errors.ts';
import { type CloudTotals, type HostTotals, preview } from '../../preview/preview.ts';
import { type Asked, questionOf } from '../../preview/question.ts';
import type { ServiceState } from '../../service-state.ts';
import { answerSchema, standing } from '../answer.ts';
import { INDICATORS, REJECTED } from './plans.ts';
import { type Api, ERROR_ANSWERS } from './route.ts';

const MOST_STEPS = 10;
const MOST_RESOURCES = 1_000;
const NAME = { minLength: 1, maxLength: 255 } as const;

const AUDIT = {
  goal: Type.Optional(Type.String({ ...NAME, description: 'Name of the goal; left out, that of the strategy.' })),
  strategy: Type.Optional(
    Type.String({ ...NAME, description: 'Name of the strategy; left out, the first of the goal that can plan.' }),
  ),
  audit_template: Type.Optional(
    Type.String({ ...NAME, description: 'Name or uuid of a template for all that is left out.' }),
  ),
  parameters: Type.Optional(
    Type.Unsafe<NonNullable<Asked['parameters']>>({ type: 'object', description: 'Parameters of the strategy.' }),
  ),
  scope: Type.Optional(
    Type.Unsafe<NonNullable<Asked['scope']>>({ type: 'array', description: 'What may be touched, as in an audit.' }),
  ),
  trigger: Type.Optional(
    Type.Object(
      {
        metric: Type.String({ ...NAME, description: 'The metric of the breach.' }),
        resources: Type.Array(Type.String(NAME), {
          maxItems: MOST_RESOURCES,
          description: 'Hosts and instances that are breached.',
        }),
      },
      { additionalProperties: false, description: 'The breach that would start it.' },
    ),
  ),
};

const BODY = Type.Object(
  {
    ...AUDIT,
    audits: Type.Optional(
      Type.Array(Type.Object(AUDIT, { additionalProperties: false }), {
        minItems: 1,
        maxItems: MOST_STEPS,
        description: 'Instead of one several, each on what the ones before would leave.',
      }),
    ),
  },
  { additionalProperties: false },
);

const ACTION = Type.Object({
  type: Type.String(),
  input: Type.Record(Type.String(), Type.Unknown()),
  reason: Type.String({ description: 'Why it is proposed.' }),
  foreseen: Type.Unsafe<string | null>({
    type: ['string', 'null'],
    description: 'Of a move whose host nova chooses: one that may take it, with which the rest is reckoned.',
  }),
  parents: Type.Array(Type.Integer(), { description: 'Places in this list (from 0) of the actions it waits for.' }),
});

const STEP = Type.Object({
  strategy: Type.String(),
  note: Type.Unsafe<string | null>({ type: ['string', 'null'], description: 'What to know of it.' }),
  actions: Type.Array(ACTION, { description: 'In the order in which they would be carried out.' }),
  efficacy_indicators: INDICATORS,
  global_efficacy: INDICATORS,
  rejected: REJECTED,
});

const TOTALS = Type.Object({
  hosts: Type.Integer(),
  disabled_hosts: Type.Integer(),
  empty_hosts: Type.Integer(),
  instances: Type.Integer(),
  stopped_instances: Type.Integer(),
});

const HOST_TOTALS = Type.Object({
  instances: Type.Integer(),
  vcpus: Type.Number(),
  memory_mb: Type.Number(),
  disk_gb: Type.Number(),
  disabled: Type.Boolean(),
});

const ANSWERS = {
  200: answerSchema({
    steps: Type.Array(STEP, { description: 'What each audit would come to.' }),
    totals: Type.Object({ before: TOTALS, after: TOTALS }),
    hosts: Type.Array(Type.Object({ host: Type.String(), before: HOST_TOTALS, after: HOST_TOTALS }), {
      description: 'Those on which something would change; what runs there.',
    }),
  }),
  ...ERROR_ANSWERS,
};

/** `POST /model/preview`: what audits would come to, one after the other, without anything being kept or done. */
export function previewRoute(api: Api, state: ServiceState, answer: AnswerFinder, templates: TemplateService): void {
  const schema = { summary: 'What an audit would come to', tags: ['model'], body: BODY, response: ANSWERS };
  api.post('/model/preview', { schema }, ({ body }) => {
    const questions = auditsOf(body).map((asked) => questionOf(asked, templates));
    const { steps, totals, hosts } = preview(state.model, answer, questions);
    return {
      ...standing(state),
      steps: steps.map(showStep),
      totals: { before: showTotals(totals.before), after: showTotals(totals.after) },
      hosts: hosts.map(({ host, before, after }) => ({ host, before: showHost(before), after: showHost(after) })),
    };
  });
}

function auditsOf({ audits, ...one }: Static<typeof BODY>): readonly Asked[] {
  if (audits === undefined) return [one];
  const [field] = Object.keys(one);
  if (field === undefined) return audits;
  throw new VigilError('audit-invalid', { field, problem: 'it cannot stand beside audits' });
}

function showStep({ strategy, note, solved }: Answer): Static<typeof STEP> {
  return {
    strategy,
    note,
    actions: solved.actions.map(({ foreseen = null, parents, ...action }) => ({
      ...action,
      foreseen,
      parents: [...parents],
    })),
    efficacy_indicators: [...solved.indicators],
    global_efficacy: [...solved.globalEfficacy],
    rejected: [...solved.rejected],
  };
}

function showTotals({ hosts, disabledHosts, emptyHosts, instances, stoppedInstances }: CloudTotals) {
  return {
    hosts,
    disabled_hosts: disabledHosts,
    empty_hosts: emptyHosts,
    instances,
    stopped_instances: stoppedInstances,
  };
}

function showHost({ instances, vcpus, memory_mb, disk_gb, disabled }: HostTotals): Static<typeof HOST_TOTALS> {
  return { instances, vcpus, memory_mb, disk_gb, disabled };
}
