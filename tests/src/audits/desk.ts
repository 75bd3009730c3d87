import { afterEach } from 'vitest';
import type { Ledger } from '../../../model/ledger.ts';
import type { Audit } from '../../../src/audits/audit.ts';
import { type Desk as OwnDesk, deskOn as ownDeskOn } from '../../../src/audits/desk.ts';
import type { Actor } from '../../../src/audits/record.ts';
import { temporaryStore } from '../../model/stores/temporary.ts';

export const ALICE: Actor = { kind: 'user', name: 'alice' };

/** The services that clients use, on a ledger of a test's own, with a clock that the test sets. */
export interface Desk extends OwnDesk {
  readonly ledger: Ledger;
  readonly clock: { now: number };
}

const opened: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0)) await close();
});

export async function openDesk(): Promise<Desk> {
  const temporary = await temporaryStore();
  opened.push(() => temporary.dispose());
  return deskOn(temporary.store.ledger);
}

/** As another process would have it on the same store. */
export async function deskOn(ledger: Ledger): Promise<Desk> {
  const clock = { now: Date.UTC(2026, 10, 25, 12) };
  const desk = ownDeskOn(ledger, () => clock.now);
  await desk.book.open();
  return { ...desk, ledger, clock };
}

/** An audit that has ended, of that number and somebody. */
export function auditRecord(id: number, createdBy: Actor): Audit {
  const uuid = `00000000-0000-4000-8000-${String(id).padStart(12, '0')}`;
  return {
    ...{ id, uuid, name: `audit ${id}`, createdAt: id, updatedAt: id, deletedAt: null },
    ...{ auditType: 'ONESHOT', state: 'SUCCEEDED', statusMessage: null, goal: 'dummy', strategy: 'dummy' },
    ...{ parameters: {}, scope: [], interval: null, timeZone: null, startTime: null, endTime: null },
    ...{ nextRunTime: null, lastRunTime: id, calledAt: null, automation: 'manual', force: false },
    ...{ hostname: null, createdBy, trigger: null, history: [] },
  };
}
