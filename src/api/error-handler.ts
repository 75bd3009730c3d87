import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { type ErrorContext, VigilError } from '../errors.ts';
import { nearest } from '../nearest.ts';

/** Answers an error as JSON with its code, what is wrong and what to do. What was not foreseen is only logged. */
export function answerError(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  const told = understood(error, request);
  if (told.code === 'internal') request.log.error({ err: error }, 'a request failed');
  reply.code(told.status).type('application/json; charset=utf-8').send(told.toBody());
}

export function answerNotFound(request: FastifyRequest, reply: FastifyReply): void {
  const path = request.url.split('?')[0] ?? '';
  const told = new VigilError('not-found', { method: request.method, path });
  reply.code(told.status).send(told.toBody());
}

function understood(error: FastifyError | VigilError, request: FastifyRequest): VigilError {
  if (error instanceof VigilError) return error;
  if (error.validation !== undefined) return invalid(error, request);
  if (error.code === 'FST_UNDER_PRESSURE') return new VigilError('overloaded');
  if (error.code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE')
    return new VigilError('bad-request', { problem: mediaType(request) });
  if (error.statusCode === 413) return new VigilError('body-too-large', { limit: request.routeOptions.bodyLimit });
  if (error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500) {
    return new VigilError('bad-request', { problem: error.message });
  }
  return new VigilError('internal', { request: request.id }, { cause: error });
}

/** What the schema found, in words. Only the first finding is told. */
function invalid(error: FastifyError, request: FastifyRequest): VigilError {
  const [finding] = error.validation ?? [];
  const where = WHERE[error.validationContext ?? ''] ?? 'request';
  if (finding === undefined) return new VigilError('bad-request', { problem: error.message });
  const { keyword, params, instancePath } = finding;
  const path = instancePath.split('/').slice(1);
  if (keyword === 'additionalProperties' && where === 'query') {
    return new VigilError('unknown-parameter', unknownParameter(String(params.additionalProperty), request));
  }
  const named =
    where === 'body'
      ? [...path, params.missingProperty ?? params.additionalProperty ?? '']
      : [path[0] ?? params.missingProperty ?? ''];
  const parameter = named
    .filter((part) => part !== '')
    .reduce<string>((text, part) => text + segment(text, String(part)), '');
  const problem = problemOf(finding, schemaAt(request.routeOptions.schema?.[error.validationContext as 'body'], path));
  if (parameter === '') return new VigilError('bad-request', { problem: `the ${where}: ${problem}` });
  return new VigilError('invalid-parameter', { where, parameter, problem });
}

/** `samples`, then `[3]`, then `.value`. */
function segment(before: string, part: string): string {
  if (/^\d+$/.test(part)) return `[${part}]`;
  return before === '' ? part : `.${part}`;
}

/** What is wrong, in words: those of the schema where it has some. */
function problemOf({ keyword, params, message }: Finding, schema: SchemaNode | undefined): string {
  switch (keyword) {
    case 'required':
      return 'it is missing';
    case 'additionalProperties':
      return `it is not known here (known are ${Object.keys(schema?.properties ?? {}).join(', ')})`;
    case 'enum':
      return `it must be one of ${listed(params.allowedValues)}`;
    case 'type':
      return `it must be ${schema?.form ?? TYPES[String(params.type)] ?? params.type}`;
    default:
      return schema?.form === undefined ? `it ${message}` : `it must be ${schema.form}`;
  }
}

const TYPES: Readonly<Record<string, string>> = {
  ...{ object: 'a JSON object', array: 'a list', string: 'a text', number: 'a number', integer: 'a whole number' },
  ...{ boolean: 'true or false' },
};

type Finding = NonNullable<FastifyError['validation']>[number];

interface SchemaNode {
  readonly form?: string;
  readonly properties?: { readonly [name: string]: SchemaNode };
  readonly items?: SchemaNode;
}

/** The part of a schema that a path of what was sent leads to. */
function schemaAt(schema: unknown, path: readonly string[]): SchemaNode | undefined {
  return path.reduce<SchemaNode | undefined>(
    (node, part) => node?.properties?.[part] ?? node?.items,
    schema as SchemaNode,
  );
}

function mediaType({ headers, routeOptions }: FastifyRequest): string {
  const wanted = (routeOptions.schema?.consumes ?? ['application/json']).join(' or ');
  return `the header content-type is ${headers['content-type'] ?? 'missing'}, and must be ${wanted}`;
}

const WHERE: Readonly<Record<string, string>> = {
  querystring: 'query',
  params: 'path',
  headers: 'header',
  body: 'body',
};

function unknownParameter(parameter: string, request: FastifyRequest): ErrorContext {
  const schema = request.routeOptions.schema?.querystring as { properties?: object } | undefined;
  const known = Object.keys(schema?.properties ?? {});
  const near = nearest(parameter, known);
  return {
    parameter,
    hint: near === undefined ? '.' : `; did you mean ${near}?`,
    known: known.length === 0 ? 'none' : known.join(', '),
  };
}

function listed(values: unknown): string {
  return Array.isArray(values) ? values.join(', ') : '';
}
