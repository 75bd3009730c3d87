import type { FastifySchema } from 'fastify';
import { Type } from 'typebox';
import type { Api } from './route.ts';

const SCHEMA: FastifySchema = {
  summary: 'Whether this process lives, as OpenStack services say it',
  tags: ['operation'],
  response: {
    200: {
      description: 'By Accept: the text OK, a page, or JSON',
      content: {
        'text/plain': { schema: Type.Literal('OK') },
        'application/json': {
          schema: Type.Object({ detailed: Type.Literal(false), reasons: Type.Array(Type.String()) }),
        },
      },
    },
  },
};

/** By what is asked for; text unless another is wanted more, as for oslo.middleware. */
const FORMS = [
  { type: 'text/plain', body: 'OK' },
  {
    type: 'text/html',
    body: '<!DOCTYPE html><html lang="en"><head><title>Healthcheck Status</title></head><body><h1>Server status: OK</h1></body></html>',
  },
  { type: 'application/json', body: JSON.stringify({ detailed: false, reasons: ['OK'] }, null, 4) },
] as const;

/** `/healthcheck`, as oslo.middleware answers load balancers at every OpenStack service: this process answers. */
export function healthcheckRoute(api: Api): void {
  const config = { rateLimit: false } as const;
  api.get('/healthcheck', { schema: SCHEMA, config, exposeHeadRoute: false }, (request, reply) => {
    const { type, body } = formFor(request.headers.accept ?? '*/*');
    return reply.header('content-type', `${type}; charset=UTF-8`).send(Buffer.from(body));
  });
  api.head('/healthcheck', { schema: { hide: true }, config }, (_, reply) => reply.code(204).send());
}

/** The form with the greatest weight in `Accept`; the first of several, and text where none is wanted. */
function formFor(accept: string): (typeof FORMS)[number] {
  const weighed = FORMS.map((form) => ({ form, weight: weightOf(form.type, accept) }));
  return weighed.reduce((best, one) => (one.weight > best.weight ? one : best)).form;
}

function weightOf(type: string, accept: string): number {
  const wanted = [type, `${type.split('/')[0]}/*`, '*/*'];
  const ranges = accept.toLowerCase().split(',');
  for (const name of wanted) {
    const range = ranges.find((one) => one.split(';')[0]?.trim() === name);
    if (range !== undefined) return Number(/;\s*q=([\d.]+)/.exec(range)?.[1] ?? 1);
  }
  return 0;
}
