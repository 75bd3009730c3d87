import fc from 'fast-check';
import { expect, it } from 'vitest';
import { DataModelRows } from '../../../../src/api/v1/data-model-rows.ts';
import { deleted, fact, hostFacts, instanceFacts, moved, testState } from '../state.ts';

const HOSTS = ['h1', 'h2', 'h3'];
const host = fc.constantFrom(...HOSTS);
const uuid = fc.constantFrom('a', 'b', 'c');

/** What may be told of a small cloud. */
const told = fc.oneof(
  fc.tuple(uuid, host).map(([id, at]) => [moved(id, at)]),
  uuid.map((id) => [moved(id, null)]),
  uuid.map((id) => [deleted(id)]),
  fc.tuple(uuid, fc.string()).map(([id, name]) => [fact(`instance/${id}`, 'metadata', { name })]),
  fc
    .tuple(host, fc.boolean())
    .map(([name, disabled]) => [
      fact(`host/${name}`, 'service/1', { disabled, disabled_reason: null, forced_down: false }),
    ]),
);

it('rows that were kept are those that would be written anew, whatever changed in between', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(told, { maxLength: 12 }), async (changes) => {
      const state = await testState();
      try {
        const rows = new DataModelRows(state);
        const text = (of: DataModelRows): string => Buffer.concat(of.write(true, null)).toString();
        await state.tell([...HOSTS.flatMap(hostFacts), ...instanceFacts('a', 'h1'), ...instanceFacts('b', 'h2')]);
        for (const facts of changes) {
          text(rows);
          await state.tell(facts);
          expect(text(rows)).toBe(text(new DataModelRows(state)));
        }
      } finally {
        await state.close();
      }
    }),
    { numRuns: 20 },
  );
});

it('rows of the model as it was before it was loaded anew are forgotten', async () => {
  const state = await testState();
  const rows = new DataModelRows(state);
  await state.tell([...hostFacts('h1'), ...instanceFacts('a', 'h1')]);
  const [before] = rows.write(false, null);
  expect(rows.write(false, null)[0]).toBe(before);
  state.feed$.next({ kind: 'resync', revision: state.model.revision, reason: 'the store lost data' });
  const [after] = rows.write(false, null);
  expect(after).not.toBe(before);
  expect(after).toEqual(before);
  await state.close();
});
