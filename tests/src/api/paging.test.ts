import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Api } from '../../../src/api/routes/route.ts';
import { testApi } from './api.ts';
import { deleted, instanceFacts, type TestState, testState } from './state.ts';

let state: TestState;
let api: Api;
const names = ['b', 'B', 'ä', '', 'a b', 'z'];

beforeAll(async () => {
  state = await testState();
  api = testApi(state);
  const uuids = Array.from({ length: 30 }, (_, i) => `uuid-${String((i * 7) % 30).padStart(2, '0')}`);
  await state.tell(
    uuids.flatMap((uuid, i) =>
      instanceFacts(uuid, i % 4 === 0 ? null : `h${i % 3}`, { name: names[i % names.length] ?? '' }),
    ),
  );
});

afterAll(async () => {
  await api.close();
  await state.close();
});

async function page(query: string): Promise<{ uuids: string[]; next: string | null }> {
  const answer = await api.inject(`/model/instances?fields=uuid&${query}`);
  expect(answer.statusCode, answer.body).toBe(200);
  const { instances, next_marker } = answer.json();
  return { uuids: instances.map(({ uuid }: { uuid: string }) => uuid), next: next_marker };
}

it('gives every instance once, in one order, whatever the size of the pages', async () => {
  const key = fc.constantFrom('uuid', 'name', 'host', 'state', 'az', 'launched_at');
  await fc.assert(
    fc.asyncProperty(
      key,
      fc.constantFrom('asc', 'desc'),
      fc.integer({ min: 1, max: 35 }),
      async (sort, direction, limit) => {
        const order = `sort_key=${sort}&sort_dir=${direction}`;
        const all = (await page(`${order}&limit=1000`)).uuids;
        const paged: string[] = [];
        let next: string | null = '';
        while (next !== null) {
          const one: { uuids: string[]; next: string | null } = await page(
            `${order}&limit=${limit}${next === '' ? '' : `&marker=${next}`}`,
          );
          paged.push(...one.uuids);
          next = one.next;
        }
        expect(paged).toEqual(all);
        expect(new Set(all).size).toBe(30);
        if (sort === 'uuid') expect(all).toEqual(direction === 'asc' ? [...all].sort() : [...all].sort().reverse());
      },
    ),
    { numRuns: 60 },
  );
});

it('is not disturbed in the order of uuids when the marker itself goes', async () => {
  const first = await page('limit=10');
  const marker = first.next ?? '';
  await state.tell([deleted(marker)]);
  const second = await page(`limit=10&marker=${marker}`);
  expect(second.uuids[0]).toBe('uuid-10');
  expect((await api.inject(`/model/instances?sort_key=name&marker=${marker}`)).json().error.code).toBe(
    'unknown-marker',
  );
});
