import type { Ledger } from '../../model/ledger.ts';
import { AuditService } from './audit-service.ts';
import { AutomationSwitch } from './automation-switch.ts';
import { Book } from './book.ts';
import { EngineRegister } from './engine-register.ts';
import { PlanService } from './plan-service.ts';
import { TemplateService } from './template-service.ts';

/** The records of audits, plans and actions in this process, and what clients may do with them. */
export interface Desk {
  readonly book: Book;
  readonly audits: AuditService;
  readonly templates: TemplateService;
  readonly plans: PlanService;
  readonly engines: EngineRegister;
  readonly automation: AutomationSwitch;
}

/** Nothing is read yet: open the book. `now` in milliseconds since 1970. */
export function deskOn(ledger: Ledger, now: () => number): Desk {
  const book = new Book(ledger);
  return {
    book,
    audits: new AuditService(book, now),
    templates: new TemplateService(book, now),
    plans: new PlanService(book, now),
    engines: new EngineRegister(ledger, now),
    automation: new AutomationSwitch(book, now),
  };
}
