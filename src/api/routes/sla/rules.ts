import { Type } from 'typebox';
import { VigilError } from '../../../errors.ts';
import { readRuleBody } from '../../../sla/rule-body.ts';
import type { BookedRule } from '../../../sla/rule-book.ts';
import { RULE, type RuleText } from '../../../sla/rule-schema.ts';
import { type Api, ERROR_ANSWERS } from '../route.ts';
import type { SlaContext } from './context.ts';
import { RULE_ANSWER, showRules } from './rule-answer.ts';

export const RULE_PARAMS = Type.Object({ name: Type.String({ minLength: 1, maxLength: 64 }) });
export const NO_QUERY = Type.Object({}, { additionalProperties: false });

/** Whatever is sent is looked at by {@link readRuleBody}, which explains more, and takes no text for a number. */
const unchecked = { validatorCompiler: () => () => true };
const body = Type.Unsafe<unknown>({ ...RULE });

/** `GET /sla/rules` and `GET /sla/rules/{name}`. */
export function rulesRoutes(api: Api, context: SlaContext): void {
  const all = { 200: Type.Object({ rules: Type.Array(RULE_ANSWER) }), ...ERROR_ANSWERS };
  const listing = { summary: 'Rules, and how they stand', tags: ['sla'], querystring: NO_QUERY, response: all };
  const config = { ofProject: true };
  api.get('/sla/rules', { schema: listing, config }, async ({ projectScope }) => ({
    rules: await showRules(context.book.all(), projectScope, context),
  }));
  const one = { 200: RULE_ANSWER, ...ERROR_ANSWERS };
  const showing = {
    summary: 'A rule, and how it stands',
    tags: ['sla'],
    params: RULE_PARAMS,
    querystring: NO_QUERY,
    response: one,
  };
  api.get('/sla/rules/:name', { schema: showing, config }, ({ params: { name }, projectScope }) =>
    showOne(context.book.get(name), context, projectScope),
  );
}

async function showOne(booked: BookedRule, context: SlaContext, project: string | null = null) {
  const [shown] = await showRules([booked], project, context);
  if (shown === undefined) throw new VigilError('rule-not-found', { name: booked.rule.name });
  return shown;
}

/** `POST /sla/rules`, `PUT` and `DELETE /sla/rules/{name}`. */
export function changeRulesRoutes(api: Api, context: SlaContext): void {
  const { book, metrics } = context;
  const making = { summary: 'Make a rule', tags: ['sla'], body, response: { 201: RULE_ANSWER, ...ERROR_ANSWERS } };
  api.post('/sla/rules', { schema: making, ...unchecked }, async (request, reply) => {
    const booked = await book.put(readRuleBody(request.body, metrics), false);
    return reply.code(201).send(await showOne(booked, context));
  });
  const replacing = {
    ...{ summary: 'Replace a rule', tags: ['sla'], params: RULE_PARAMS, body },
    response: { 200: RULE_ANSWER, ...ERROR_ANSWERS },
  };
  api.put('/sla/rules/:name', { schema: replacing, ...unchecked }, async (request) => {
    const { name } = request.params as { name: string };
    const text = readRuleBody({ ...(request.body as RuleText), name }, metrics);
    return showOne(await book.put(text, true), context);
  });
  const removing = {
    ...{ summary: 'Remove a rule', tags: ['sla'], params: RULE_PARAMS },
    response: { 204: Type.Null(), ...ERROR_ANSWERS },
  };
  api.delete('/sla/rules/:name', { schema: removing }, async ({ params: { name } }, reply) => {
    await book.remove(name);
    return reply.code(204).send(null);
  });
}
