import { expect, it } from 'vitest';
import type { ChangeEvent } from '../../../src/api/changes/event.ts';
import { describeChange } from '../../../src/cli/watch.ts';

const MIGRATION = {
  ...{ uuid: null, id: 7, type: 'live-migration', status: 'running' },
  ...{ source_host: 'compute-1', source_node: 'compute-1', dest_host: 'compute-2', dest_node: 'compute-2' },
};

function change(fields: Record<string, readonly [before: unknown, after: unknown]>): ChangeEvent {
  const before = Object.fromEntries(Object.entries(fields).map(([name, [was]]) => [name, was]));
  const after = { name: 'web', ...Object.fromEntries(Object.entries(fields).map(([name, [, is]]) => [name, is])) };
  const event = { revision: '1-2', kind: 'instance', id: 'uuid-1', change: 'changed', fields: Object.keys(fields) };
  return { ...event, before, after, cause: null } as never;
}

it('tells what each field was and is', () => {
  expect(describeChange(change({ host: ['compute-1', 'compute-2'], task_state: ['migrating', null] }))).toBe(
    'instance web (uuid-1): host compute-1 -> compute-2, task_state migrating -> -',
  );
});

it('tells a migration in words', () => {
  expect(describeChange(change({ migration: [null, MIGRATION] }))).toContain(
    'migration - -> live-migration from compute-1 to compute-2 (running)',
  );
});

it('only names what would fill the screen', () => {
  const metadata = { note: 'x'.repeat(200) };
  expect(describeChange(change({ metadata: [{}, metadata] }))).toBe('instance web (uuid-1): metadata changed');
});
