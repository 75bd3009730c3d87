import { Ajv, type Options } from 'ajv';
import type { FastifySchema, FastifySchemaCompiler } from 'fastify';

/** Schemas say in `form` what is expected, for errors. */
const OPTIONS: Options = { useDefaults: true, allowUnionTypes: true, keywords: ['form'] };

/**
 * Checks requests by their schemas. Addresses and headers can hold nothing but texts, so `400` is a number there; JSON says
 * itself what its values are: a text is no number in a body, and neither is null, which would be taken for a 0.
 */
export function checkRequests(): FastifySchemaCompiler<FastifySchema> {
  const ofTexts = new Ajv({ ...OPTIONS, coerceTypes: 'array' });
  const ofJson = new Ajv(OPTIONS);
  return ({ schema, httpPart }) => (httpPart === 'body' ? ofJson : ofTexts).compile(schema);
}
