import type { FastifyRequest } from 'fastify';
import type { Parameters } from '../../../audits/audit.ts';
import type { AuditTemplate } from '../../../audits/audit-template.ts';
import type { NewTemplate } from '../../../audits/template-service.ts';
import { invalid } from '../arguments.ts';
import type { CatalogGoal, CatalogStrategy } from '../catalog.ts';
import type { V1 } from '../context.ts';
import { Fault } from '../fault.ts';
import { ADDED } from '../microversion.ts';
import { readName } from '../names.ts';
import { needVersion } from '../negotiation.ts';
import { changeOperation, createOperation, deleteOperation } from '../operations.ts';
import { checkParameterNames, readParameters } from '../parameters.ts';
import { type PatchOperation, patched } from '../patch.ts';
import { pythonText, pythonType } from '../python-text.ts';
import { inOurWords, type Words } from '../refusals.ts';
import { readOperations } from '../resource.ts';
import { readScope, scopeWords } from '../scope.ts';
import type { Operation } from '../serve.ts';
import { auditTemplates } from './audit-templates.ts';

const BODY = 'audit_template_postdata';
const NEEDS_STRATEGY = 'default_parameters requires a strategy to be specified';
const NEEDS_PARAMETERS =
  'Updating goal or strategy on a template that has default_parameters requires providing updated default_parameters in the same request';

/** What can be done with audit templates. */
export function auditTemplateOperations(v1: V1): readonly Operation[] {
  const { templates } = v1.desk;
  const resource = auditTemplates(v1);
  return [
    ...readOperations(resource, v1),
    createOperation(resource, v1, {
      argument: BODY,
      create: (given, request) => {
        const content = contentOf(given, given, BODY, v1, request);
        return inOurWords(() => templates.create(content), wordsFor(BODY, given));
      },
    }),
    changeOperation(resource, v1, {
      summary: 'change',
      rules: { mayBeEmpty: true },
      change: (template, patch, request) => {
        const content = contentOf(documentAfter(template, patch, request), request.body, 'patch', v1, request);
        return inOurWords(() => templates.update(template.uuid, content), wordsFor('patch', request.body));
      },
    }),
    deleteOperation(resource, v1, 'delete', ({ uuid }) => inOurWords(() => templates.delete(uuid))),
  ];
}

function wordsFor(argument: string, body: unknown): Words {
  return {
    ...scopeWords(argument, body),
    'parameters-invalid': ({ problems = '' }) =>
      new Fault('refused', { problem: `Invalid default_parameters for strategy: ${problems}` }),
  };
}

/** A template as a patch sees it, after the patch. */
function documentAfter(
  template: AuditTemplate,
  patch: readonly PatchOperation[],
  request: FastifyRequest,
): { readonly [name: string]: unknown } {
  const touches = (path: string): boolean => patch.some((operation) => operation.path.split('/')[1] === path);
  if (touches('default_parameters')) needVersion(request, ADDED.defaultParameters);
  if (patch.some(({ op, path }) => op === 'remove' && path === '/goal'))
    throw new Fault('refused', { problem: "Cannot remove 'goal' attribute from an audit template" });
  const { name, description, goal, strategy, scope, defaultParameters } = template;
  const after = patched({ name, description, goal, strategy, scope, default_parameters: defaultParameters }, patch);
  const moves = touches('goal') || touches('strategy');
  if (moves && Object.keys(defaultParameters).length > 0 && !touches('default_parameters'))
    throw new Fault('conflict', { problem: NEEDS_PARAMETERS });
  return after;
}

/** What a template is made of, checked; `body` is what is quoted when something is wrong with it. */
function contentOf(
  given: { readonly [name: string]: unknown },
  body: unknown,
  argument: string,
  v1: V1,
  request: FastifyRequest,
): Required<NewTemplate> {
  const { catalog } = v1;
  const refuse = (problem: string): Fault => invalid(argument, pythonText(body), problem);
  const goal = typeof given.goal === 'string' ? catalog.goal(given.goal) : undefined;
  if (goal === undefined) throw refuse(`Goal ${nameOf(given.goal)} is invalid`);
  const strategy = strategyOf(given.strategy, v1, refuse);
  if (strategy !== undefined && strategy.goal.uuid !== goal.uuid) throw refuse(unrelated(strategy, goal, catalog));
  const defaultParameters = readParameters('default_parameters', given.default_parameters);
  checkDefaults(defaultParameters, strategy, request);
  return {
    name: readName(given.name),
    goal: goal.name,
    strategy: strategy?.name ?? null,
    description: readDescription(given.description),
    scope: readScope(given.scope),
    defaultParameters,
  };
}

function strategyOf(given: unknown, { catalog }: V1, refuse: (problem: string) => Fault): CatalogStrategy | undefined {
  if (given === undefined || given === null) return undefined;
  const strategy = typeof given === 'string' ? catalog.strategy(given) : undefined;
  if (strategy === undefined) throw refuse(`Strategy ${nameOf(given)} is invalid`);
  return strategy;
}

function checkDefaults(parameters: Parameters, strategy: CatalogStrategy | undefined, request: FastifyRequest): void {
  if (Object.keys(parameters).length === 0) return;
  if (request.method === 'POST') needVersion(request, ADDED.defaultParameters);
  if (strategy === undefined) throw new Fault('refused', { problem: NEEDS_STRATEGY });
  checkParameterNames(strategy, parameters, NEEDS_STRATEGY);
}

function unrelated(strategy: CatalogStrategy, goal: CatalogGoal, { strategies }: V1['catalog']): string {
  const choices = strategies.filter((other) => other.goal.uuid === goal.uuid);
  const listed = choices.map(({ uuid, name }) => `'${uuid}' (${name})`).join(', ');
  return `'${strategy.name}' strategy does relate to the '${goal.name}' goal. Possible choices: ${listed}`;
}

function readDescription(description: unknown): string | null {
  if (description === undefined || description === null) return null;
  if (typeof description === 'string' && description.length <= MAX_DESCRIPTION) return description;
  const problem =
    typeof description === 'string'
      ? `Value should have a maximum length of ${MAX_DESCRIPTION}`
      : `Wrong type. Expected '<class 'str'>', got '<class '${pythonType(description)}'>'`;
  throw invalid('description', description, problem);
}

const MAX_DESCRIPTION = 255;

function nameOf(given: unknown): string {
  return typeof given === 'string' ? given : pythonText(given);
}
