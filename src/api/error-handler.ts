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
  const { keyword, params, instancePath, message } = finding;
  if (keyword === 'additionalProperties' && where === 'query') {
    return new VigilError('unknown-parameter', unknownParameter(String(params.additionalProperty), request));
  }
  const parameter = instancePath.split('/')[1] ?? String(params.missingProperty ?? params.additionalProperty ?? '');
  const problem = keyword === 'enum' ? `it must be one of ${listed(params.allowedValues)}` : `it ${message}`;
  if (parameter === '') return new VigilError('bad-request', { problem: `the ${where} ${message}` });
  return new VigilError('invalid-parameter', { where, parameter, problem });
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
    known: known.length === 0 ? 'none, there are no parameters here' : known.join(', '),
  };
}

function listed(values: unknown): string {
  return Array.isArray(values) ? values.join(', ') : '';
}
