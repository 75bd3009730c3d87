import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Api } from '../../../../src/api/routes/route.ts';
import { type TestState, testState } from '../state.ts';
import { ask, servedV1 } from './served.ts';

let state: TestState;
let api: Api;

beforeAll(async () => {
  state = await testState();
  api = await servedV1(state);
});

afterAll(async () => {
  await api.close();
  await state.close();
});

interface Described {
  readonly parameters?: readonly { readonly in: string; readonly name: string }[];
  readonly requestBody?: { readonly content: { readonly [type: string]: { readonly schema: BodySchema } } };
}
interface BodySchema {
  readonly properties?: { readonly [name: string]: unknown };
}

/** Every operation of API v1, as its own description has it. */
async function operations() {
  const { paths } = (await ask(api, '/openapi.json')).json() as { paths: Record<string, Record<string, Described>> };
  return Object.entries(paths)
    .filter(([path]) => path.startsWith('/v1/'))
    .flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { parameters = [], requestBody }]) => {
        const [body] = Object.values(requestBody?.content ?? {});
        return {
          method: method.toUpperCase() as 'GET' | 'POST' | 'PATCH' | 'DELETE',
          path,
          query: parameters.filter((parameter) => parameter.in === 'query').map(({ name }) => name),
          attributes: Object.keys(body?.schema.properties ?? {}),
        };
      }),
    );
}

const HOSTILE = [
  '',
  'x',
  '0',
  '-1',
  '1e9',
  'null',
  '__proto__',
  'constructor',
  '../..',
  '\0',
  "'; --",
  '<b>',
  '9'.repeat(400),
];
const text = fc.oneof(
  fc.constantFrom(...HOSTILE, 'dummy', 'ONESHOT', 'CONTINUOUS', '* * * * *'),
  fc.string({ maxLength: 80 }),
);
const value = fc.oneof(
  text,
  fc.integer(),
  fc.double(),
  fc.boolean(),
  fc.constant(null),
  fc.jsonValue({ maxDepth: 3 }),
  fc.array(fc.record({ compute: fc.jsonValue({ maxDepth: 2 }) }), { maxLength: 2 }),
);
const path = fc.oneof(
  fc.constantFrom(
    '/state',
    '/name',
    '/scope',
    '/goal',
    '/strategy',
    '/parameters/para1',
    '/interval',
    '/start_time',
    '/uuid',
  ),
  text,
);
const operation = fc.record(
  { op: fc.oneof(fc.constantFrom('add', 'replace', 'remove'), text), path, value },
  { requiredKeys: [] },
);
const version = fc.constantFrom('1.0', '1.3', '1.5', '1.7', 'latest');

/** A request that reaches something, with most of it wrong. */
function requests(all: Awaited<ReturnType<typeof operations>>) {
  return fc.constantFrom(...all).chain(({ method, path: address, query, attributes }) => {
    const pairs = fc.array(fc.tuple(query.length === 0 ? text : fc.oneof(fc.constantFrom(...query), text), text), {
      maxLength: 3,
    });
    const fields = attributes.map((name): [string, fc.Arbitrary<unknown>] => [name, value]);
    const posted = fc.oneof(fc.record(Object.fromEntries(fields), { requiredKeys: [] }), value);
    const body =
      method === 'PATCH'
        ? fc.oneof({ weight: 4, arbitrary: fc.array(operation, { maxLength: 3 }) }, { weight: 1, arbitrary: value })
        : posted;
    return fc.record({
      method: fc.constant(method),
      address: fc.constant(address),
      ident: text,
      pairs,
      body,
      version,
    });
  });
}

it('bad input of every kind is refused with a text, and never fails', async () => {
  const known = { audits: '', audit_templates: '' };
  for (const kind of ['audits', 'audit_templates'] as const) {
    const body = {
      name: `known-${kind}`,
      goal: 'dummy',
      strategy: 'dummy',
      ...(kind === 'audits' ? { audit_type: 'EVENT' } : {}),
    };
    known[kind] = (await ask(api, `/v1/${kind}`, { method: 'POST', payload: body })).json().uuid;
  }
  const statuses = new Map<number, number>();
  await fc.assert(
    fc.asyncProperty(requests(await operations()), fc.boolean(), async (request, real) => {
      const kind = request.address.includes('audit_templates') ? 'audit_templates' : 'audits';
      const named = real && request.method !== 'DELETE' ? known[kind] : request.ident;
      const url = request.address.replace('{ident}', encodeURIComponent(named) || '%20');
      const query = request.pairs.map(([name, given]) => `${encodeURIComponent(name)}=${encodeURIComponent(given)}`);
      const hasBody = request.method === 'POST' || request.method === 'PATCH';
      const answer = await ask(api, `${url}?${query.join('&')}`, {
        method: request.method,
        headers: {
          'openstack-api-version': `infra-optim ${request.version}`,
          ...(hasBody ? { 'content-type': 'application/json' } : {}),
        },
        ...(hasBody ? { payload: JSON.stringify(request.body) } : {}),
      });
      statuses.set(answer.statusCode, (statuses.get(answer.statusCode) ?? 0) + 1);
      expect(
        answer.statusCode,
        `${request.method} ${url} ${JSON.stringify(request.body)}: ${answer.body}`,
      ).toBeLessThan(500);
      if (answer.statusCode < 400) return;
      const told = JSON.parse(answer.json().error_message) as { faultstring?: string; title?: string };
      expect(told.faultstring ?? told.title).toMatch(/\S/);
      expect(told.faultstring ?? '').not.toMatch(/undefined|\[object/);
    }),
    { numRuns: 10_000 },
  );
  // Both what is refused and what is not was reached.
  expect([...statuses.keys()].sort()).toEqual(expect.arrayContaining([200, 400, 404]));
}, 300_000);
