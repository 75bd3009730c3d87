import type { Api } from '../routes/route.ts';
import { Fault } from './fault.ts';

/** Deeper than anything that is meant. */
const MAX_DEPTH = 50;

const JSON_TYPE = /^(application\/(json|x-javascript|javascript)|text\/(x-)?(javascript|json|x-json))\s*(;|$)/i;
const FORM_TYPE = /^(application\/x-www-form-urlencoded|multipart\/form-data)\s*(;|$)/i;

/** Bodies are JSON by name; whatever else is refused in this API's words. */
export function readJsonBodies(api: Api): void {
  const parse = api.getDefaultJsonParser('error', 'error');
  api.removeAllContentTypeParsers();
  api.addContentTypeParser('*', { parseAs: 'string' }, (request, body, done) => {
    // Clients name a type for the nothing that they send with a DELETE.
    if (body.length === 0) return done(null, undefined);
    const type = request.headers['content-type'] ?? '';
    if (FORM_TYPE.test(type)) return done(new Fault('form-body'));
    if (!JSON_TYPE.test(type)) return done(new Fault('unknown-mimetype', { type: type.split(';')[0]?.trim() ?? '' }));
    void parse(request, body as string, (error, parsed) => {
      if (error !== null || isTooDeep(parsed, MAX_DEPTH)) return done(new Fault('not-json'));
      done(null, parsed);
    });
  });
}

function isTooDeep(value: unknown, left: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return left === 0 || Object.values(value).some((inner) => isTooDeep(inner, left - 1));
}
