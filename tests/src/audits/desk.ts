import { afterEach } from 'vitest';
import type { Ledger } from '../../../model/ledger.ts';
import { AuditService } from '../../../src/audits/audit-service.ts';
import { AutomationSwitch } from '../../../src/audits/automation-switch.ts';
import { Book } from '../../../src/audits/book.ts';
import { PlanService } from '../../../src/audits/plan-service.ts';
import type { Actor } from '../../../src/audits/record.ts';
import { TemplateService } from '../../../src/audits/template-service.ts';
import { temporaryStore } from '../../model/stores/temporary.ts';

export const ALICE: Actor = { kind: 'user', name: 'alice' };

/** The services that clients use, on a ledger of a test's own, with a clock that the test sets. */
export interface Desk {
  readonly ledger: Ledger;
  readonly book: Book;
  readonly audits: AuditService;
  readonly templates: TemplateService;
  readonly plans: PlanService;
  readonly automation: AutomationSwitch;
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
  const now = (): number => clock.now;
  const book = new Book(ledger);
  await book.open();
  return {
    ledger,
    book,
    clock,
    audits: new AuditService(book, now),
    templates: new TemplateService(book, now),
    plans: new PlanService(book, now),
    automation: new AutomationSwitch(book, now),
  };
}
