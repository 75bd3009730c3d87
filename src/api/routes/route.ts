import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type {
  FastifyBaseLogger,
  FastifyInstance,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify';
import { ERROR_SCHEMA } from '../answer.ts';

/** The server as routes see it: with the types of a request taken from its schemas. */
export type Api = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;

/** The answers any route may give besides its own. */
export const ERROR_ANSWERS = { '4xx': ERROR_SCHEMA, '5xx': ERROR_SCHEMA };
