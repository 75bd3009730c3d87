import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { VigilError } from '../../errors.ts';
import { Fault, faultBody } from './fault.ts';
import { sendJson } from './json.ts';
import { RoutingError, routingErrorBody } from './routing-error.ts';

/** Answers an error in the ways that clients of API v1 read. What was not foreseen is only logged. */
export function answerFault(error: FastifyError | Error, request: FastifyRequest, reply: FastifyReply): void {
  const { status, body } = understood(error, request);
  if (status === 500) request.log.error({ err: error }, 'a request failed');
  sendJson(reply.code(status), body);
}

export function answerUnrouted(request: FastifyRequest, reply: FastifyReply): void {
  answerFault(new RoutingError(404), request, reply);
}

function understood(error: FastifyError | Error, request: FastifyRequest): { status: number; body: object } {
  if (error instanceof RoutingError)
    return { status: error.status, body: routingErrorBody(error, request.headers.accept) };
  if (error instanceof VigilError && error.code === 'unauthenticated') return { status: 401, body: UNAUTHORIZED };
  const { status, message } = asFault(error, request);
  return { status, body: faultBody(status, message) };
}

const UNAUTHORIZED = {
  error: { code: 401, title: 'Unauthorized', message: 'The request you have made requires authentication.' },
};

function asFault(error: FastifyError | Error, request: FastifyRequest): { status: number; message: string } {
  if (error instanceof Fault) return error;
  if (error instanceof VigilError) return { status: error.status, message: `${error.message} ${error.whatToDo}` };
  const { statusCode, code } = error as FastifyError;
  if (code === 'FST_UNDER_PRESSURE') return new VigilError('overloaded');
  if (statusCode === 413) return new Fault('body-too-large', { limit: request.routeOptions.bodyLimit });
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500)
    return { status: statusCode, message: error.message };
  return new Fault('internal', { request: request.id });
}
