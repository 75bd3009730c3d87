import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { FastifySchema } from 'fastify';
import { sendJson } from '../v1/json.ts';
import { hostUrl } from '../v1/links.ts';
import { ROOT_DOCUMENT, rootDocument } from '../v1/resources/documents.ts';
import { varyBy } from '../vary.ts';
import { type Api, ERROR_ANSWERS } from './route.ts';

/** Where the build puts the page, seen from the compiled program. */
const BUILT = fileURLToPath(new URL('../../../web', import.meta.url));

/** `GET /`: the page for those who ask for HTML by name, else the versions of the API; the page's other files are under /page/. */
export function pageRoutes(api: Api, page: string = BUILT): void {
  api.register(fastifyStatic, {
    root: page,
    prefix: '/page/',
    index: false,
    decorateReply: false,
    allowedPath: isServed,
  });
  const schema: FastifySchema = {
    summary: 'The page, or the versions of the API',
    tags: ['v1 versions'],
    response: {
      200: { description: 'By Accept', content: { 'application/json': { schema: ROOT_DOCUMENT } } },
      ...ERROR_ANSWERS,
    },
  };
  api.get('/', { schema }, async (request, reply) => {
    varyBy(reply, 'accept');
    if (!asksForHtml(request.headers.accept)) return sendJson(reply, rootDocument(hostUrl(request)));
    return reply.type('text/html; charset=utf-8').send(await readFile(`${page}/index.html`, 'utf8'));
  });
}

function isServed(path: string): boolean {
  return /\.(js|css|svg)$/.test(path);
}

/** A wildcard is what programs send; only browsers name HTML. */
function asksForHtml(accept: string | undefined): boolean {
  return (accept ?? '').split(',').some((range) => /^\s*text\/html\s*(;(?!.*\bq=0(\.0*)?\s*$)|$)/i.test(range));
}
