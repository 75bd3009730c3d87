import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { FastifySchema } from 'fastify';
import { Type } from 'typebox';
import { type Api, ERROR_ANSWERS } from './route.ts';

/** Where the build puts the page, seen from the compiled program. */
const BUILT = fileURLToPath(new URL('../../../web', import.meta.url));

const LINKS = Type.Object({
  name: Type.String(),
  version: Type.String(),
  links: Type.Record(Type.String(), Type.String()),
});

/** `GET /`: the page for those who ask for HTML by name, else what there is; the page's other files are under /page/. */
export function pageRoutes(api: Api, version: string, page: string = BUILT): void {
  api.register(fastifyStatic, {
    root: page,
    prefix: '/page/',
    index: false,
    decorateReply: false,
    allowedPath: isServed,
  });
  const schema: FastifySchema = {
    summary: 'The page, or what there is',
    tags: ['operation'],
    response: {
      200: { description: 'By Accept', content: { 'application/json': { schema: LINKS } } },
      ...ERROR_ANSWERS,
    },
  };
  api.get('/', { schema }, async (request, reply) => {
    reply.header('vary', 'accept');
    if (!asksForHtml(request.headers.accept)) return reply.send({ name: 'vigil', version, links: ADDRESSES });
    return reply.type('text/html; charset=utf-8').send(await readFile(`${page}/index.html`, 'utf8'));
  });
}

const ADDRESSES = {
  hosts: '/model/hosts',
  instances: '/model/instances',
  changes: '/model/changes',
  stats: '/model/stats',
  documentation: '/docs',
  openapi: '/openapi.json',
};

function isServed(path: string): boolean {
  return /\.(js|css|svg)$/.test(path);
}

/** A wildcard is what programs send; only browsers name HTML. */
function asksForHtml(accept: string | undefined): boolean {
  return (accept ?? '').split(',').some((range) => /^\s*text\/html\s*(;(?!.*\bq=0(\.0*)?\s*$)|$)/i.test(range));
}
