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

/** Of both sorts of requests together. */
const RUNS = 10_000;

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

/** What is sent in a body of each kind when nothing of it is wrong. */
const RIGHT = {
  audits: { audit_type: 'CONTINUOUS', goal: 'dummy', strategy: 'dummy', interval: '60', parameters: { para1: 2 } },
  audit_templates: { goal: 'dummy', strategy: 'dummy', description: 'right', scope: [], default_parameters: {} },
} as const;
type Kind = keyof typeof RIGHT;
const KINDS = Object.keys(RIGHT) as Kind[];

/** A request of which one field is wrong at most, and which one. */
interface OneWrong {
  readonly method: 'GET' | 'POST' | 'PATCH';
  readonly kind: Kind;
  readonly field: string;
  readonly query: readonly [string, string][];
  readonly body: unknown;
}

/**
 * A body that would set a prototype is refused as a whole, before anybody looks at its fields. A small number is right for
 * what has an id, such as a strategy: then it is another field that does not go with it.
 */
const harmless = value.filter((one) => !/"(__proto__|constructor)":|^"?[1-9]\d?"?$/.test(JSON.stringify(one)));

function oneWrong(all: Awaited<ReturnType<typeof operations>>): fc.Arbitrary<OneWrong> {
  const kinds = fc.constantFrom(...KINDS);
  const described = (kind: Kind, method: string) =>
    all.find((one) => one.path === `/v1/${kind}` && one.method === method) ?? { query: [], attributes: [] };
  const listed = kinds.chain((kind) =>
    fc
      .tuple(fc.constantFrom(...described(kind, 'GET').query, 'unknown'), text)
      .map(([field, given]): OneWrong => ({ method: 'GET', kind, field, query: [[field, given]], body: undefined })),
  );
  const posted = kinds.chain((kind) =>
    fc
      .tuple(fc.constantFrom(...described(kind, 'POST').attributes, 'unknown'), harmless, fc.uuid())
      .map(([field, given, name]): OneWrong => {
        const { goal, ...rest } = RIGHT[kind];
        // A template stands in place of a goal.
        const right = field === 'audit_template_uuid' ? rest : { goal, ...rest };
        return { method: 'POST', kind, field, query: [], body: { name, ...right, [field]: given } };
      }),
  );
  const patched = kinds.chain((kind) =>
    fc.tuple(fc.constantFrom(...described(kind, 'POST').attributes, 'unknown', 'uuid', 'created_at'), harmless).map(
      ([field, given]): OneWrong => ({
        ...{ method: 'PATCH', kind, field, query: [] },
        body: [{ op: 'replace', path: `/${field}`, value: given }],
      }),
    ),
  );
  const operated = fc.tuple(kinds, fc.constantFrom('op', 'path', 'unknown'), harmless).map(
    ([kind, field, given]): OneWrong => ({
      ...{ method: 'PATCH', kind, field, query: [] },
      body: [{ op: 'replace', path: '/name', value: 'right', [field]: given }],
    }),
  );
  return fc.oneof(listed, posted, patched, operated);
}

/**
 * What else a field is called, in words of Watcher that clients look at: one in it, the one that it does not go together with, or
 * what is not there of that name.
 */
const ALSO: Readonly<Record<string, string>> = {
  parameters: 'Audit parameter',
  default_parameters: 'Audit parameter',
  audit_template_uuid: 'audit_template_id',
  audit_type: 'Interval of audit',
  marker: 'could not be found',
};

/** Whether a text names a field, in whichever spelling: `sort_dir`, `Sort direction`. */
function names(told: string, field: string): boolean {
  const plain = (words: string): string => words.toLowerCase().replaceAll(/[_/-]/g, ' ');
  return [field, ALSO[field] ?? field].some((name) => plain(told).includes(plain(name)));
}

it('the one field that is wrong is named', async () => {
  const there: Record<Kind, string> = { audits: '', audit_templates: '' };
  for (const kind of KINDS) {
    const payload = { ...RIGHT[kind], name: `right-${kind}` };
    const version = { 'openstack-api-version': 'infra-optim latest' };
    there[kind] = (await ask(api, `/v1/${kind}`, { method: 'POST', payload, headers: version })).json().uuid;
  }
  let refused = 0;
  await fc.assert(
    fc.asyncProperty(oneWrong(await operations()), async ({ method, kind, field, query, body }) => {
      const search = query.map(([name, given]) => `${encodeURIComponent(name)}=${encodeURIComponent(given)}`).join('&');
      const url = `/v1/${kind}${method === 'PATCH' ? `/${there[kind]}` : ''}?${search}`;
      const answer = await ask(api, url, {
        method,
        headers: { 'openstack-api-version': 'infra-optim latest', 'content-type': 'application/json' },
        ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
      });
      expect(answer.statusCode).toBeLessThan(500);
      if (answer.statusCode < 400) return;
      refused += 1;
      const { faultstring } = JSON.parse(answer.json().error_message) as { faultstring: string };
      if (!names(faultstring, field))
        throw new Error(`${field} is not named: ${method} ${JSON.stringify(body ?? search)}: ${faultstring}`);
    }),
    { numRuns: RUNS / 2 },
  );
  expect(refused).toBeGreaterThan(RUNS / 10);
}, 600_000);

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
    { numRuns: RUNS / 2 },
  );
  // Both what is refused and what is not was reached.
  expect([...statuses.keys()].sort()).toEqual(expect.arrayContaining([200, 400, 404]));
}, 600_000);
