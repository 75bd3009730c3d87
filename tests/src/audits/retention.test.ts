import { expect, it } from 'vitest';
import type { Term } from '../../../src/audits/leader.ts';
import { forgetOld } from '../../../src/audits/retention.ts';
import { AUDIT, PLAN } from '../events/records.ts';
import { moveOf } from '../plans/records.ts';
import { openDesk } from './desk.ts';

const BEFORE = 1_000_000;
const old = { createdAt: 1, updatedAt: BEFORE - 1 };

it('forgets for good plans that ended long ago with their actions, and what was deleted long ago; nothing else', async () => {
  const { book, ledger } = await openDesk();
  const plans = {
    'ended long ago': { ...old, state: 'SUCCEEDED' },
    'superseded long ago': { ...old, state: 'SUPERSEDED' },
    'ended as it was made': { createdAt: 1, updatedAt: null, state: 'SUCCEEDED' },
    'ended lately': { ...old, updatedAt: BEFORE, state: 'FAILED' },
    'old and waiting': { ...old, state: 'RECOMMENDED' },
    'old and carried out': { ...old, state: 'ONGOING' },
  } as const;
  await book.change((changes) => {
    for (const [i, [uuid, is]] of Object.entries(plans).entries()) {
      changes.put('action_plan', { ...PLAN, ...is, id: i + 1, uuid });
      changes.put('action', moveOf(`i${i}`, 'here', 'there', { id: i + 1, planUuid: uuid }));
    }
    for (const [i, deletedAt] of [BEFORE - 1, BEFORE, null].entries())
      changes.put('audit', { ...AUDIT, id: i + 1, uuid: `deleted ${deletedAt}`, name: `${i}`, deletedAt });
  });
  const lease = await ledger.lease('audits', 'test', BEFORE);
  await forgetOld(book, BEFORE, { lease } as Term);
  const left = ['ended lately', 'old and carried out', 'old and waiting'];
  expect([...book.plans.all()].map(({ uuid }) => uuid).sort()).toEqual(left);
  expect([...book.actions.all()].map(({ planUuid }) => planUuid).sort()).toEqual(left);
  expect([...book.audits.all()].map(({ uuid }) => uuid).sort()).toEqual([`deleted ${BEFORE}`, 'deleted null']);
  const kept = await Promise.all(['action_plan', 'action', 'audit'].map((kind) => ledger.list(kind, null, 100)));
  expect(kept.map(({ length }) => length)).toEqual([3, 3, 2]);
});
