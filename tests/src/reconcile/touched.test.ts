import { expect, it } from 'vitest';
import { unknownHost } from '../../../model/host.ts';
import type { Instance } from '../../../model/instance.ts';
import type { ModelChange } from '../../../model/live-model.ts';
import type { MigrationState } from '../../../model/registers.ts';
import { Touched, touchedBy } from '../../../src/reconcile/touched.ts';

const SECOND = 1_000_000;

it('what was touched is ready once it has been quiet for three seconds, the first before the others', () => {
  const touched = new Touched();
  touched.add('a', 0);
  touched.add('b', SECOND);
  touched.add('c', 2 * SECOND);
  expect(touched.take(9, 2.9 * SECOND)).toEqual([]);
  expect(touched.take(9, 4 * SECOND)).toEqual(['a', 'b']);
  touched.add('d', 4 * SECOND);
  expect(touched.take(1, 7 * SECOND)).toEqual(['c']);
  expect(touched.take(1, 7 * SECOND)).toEqual(['d']);
  expect(touched.take(1, 7 * SECOND)).toEqual([]);
});

it('what was read is ready once more half a minute later, after what was touched since', () => {
  const touched = new Touched();
  for (const id of ['a', 'b']) touched.add(id, 0);
  expect(touched.take(9, 3 * SECOND)).toEqual(['a', 'b']);
  touched.add('b', 20 * SECOND);
  touched.add('c', 29 * SECOND);
  expect(touched.take(9, 32 * SECOND)).toEqual(['b', 'c']);
  expect(touched.take(9, 33 * SECOND)).toEqual(['a']);
  expect(touched.take(9, 61 * SECOND)).toEqual([]);
  expect(touched.take(9, 62 * SECOND)).toEqual(['b', 'c']);
  expect(touched.take(9, 999 * SECOND)).toEqual([]);
});

it('what was touched when all was read is ready half a minute later', () => {
  const touched = new Touched();
  touched.add('a', 0);
  touched.allRead(SECOND);
  expect(touched.take(9, 30 * SECOND)).toEqual([]);
  expect(touched.take(9, 31 * SECOND)).toEqual(['a']);
});

it('what is never quiet is ready half a minute after it was first touched', () => {
  const touched = new Touched();
  for (let second = 0; second < 30; second++) {
    touched.add('a', second * SECOND);
    expect(touched.take(9, second * SECOND)).toEqual([]);
  }
  expect(touched.take(9, 30 * SECOND)).toEqual(['a']);
});

const place = (host: string): Instance['place'] => ({ host, node: host });
const state = { vm_state: 'active', task_state: null };
const instance = (changes: Partial<Instance>): Instance => ({ uuid: 'i', state, ...changes }) as Instance;
const change = (before: Instance | null, after: Instance | null): ModelChange =>
  ({ kind: 'instance', id: 'i', before, after }) as unknown as ModelChange;

const touchedIds = (one: ModelChange): string[] => [...new Set(touchedBy(one).map(({ kind, id }) => `${kind} ${id}`))];

it('an instance that moved touches where it was and is, and itself', () => {
  const moved = change(instance({ place: place('h1') }), instance({ place: place('h2') }));
  expect(touchedIds(moved)).toEqual(['instance i', 'host h1', 'host h2']);
});

it('a migration that became known touches both of its ends', () => {
  const here = { place: place('h1'), state };
  const migration = { source_host: 'h1', dest_host: 'h3' } as MigrationState;
  const known = change(instance(here), instance({ ...here, migration }));
  expect(touchedIds({ ...known, before: known.before } as ModelChange)).toEqual(
    expect.arrayContaining(['host h1', 'host h3']),
  );
});

it('one that is gone touches its host; what a name or a tag says touches nothing', () => {
  const here = { place: place('h1') };
  expect(touchedIds(change(instance(here), null))).toEqual(['host h1']);
  const held = instance(here);
  expect(touchedIds(change(held, { ...held, tags: ['a'] } as Instance))).toEqual([]);
});

it('a host that comes up again is touched', () => {
  const host = (up: boolean): unknown => ({ ...unknownHost('h'), up });
  const came = { kind: 'host', id: 'h', before: host(false), after: host(true) } as unknown as ModelChange;
  expect(touchedIds(came)).toEqual(['host h']);
  expect(touchedIds({ ...came, before: came.after, after: came.before } as ModelChange)).toEqual([]);
});

it('a host that is disabled or enabled is touched, whose traits say so', () => {
  const host = (disabled: boolean): unknown => ({ ...unknownHost('h'), service: { uuid: 's', disabled } });
  const turned = { kind: 'host', id: 'h', before: host(false), after: host(true) } as unknown as ModelChange;
  expect(touchedIds(turned)).toEqual(['host h']);
});
