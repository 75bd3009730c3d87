import type { LiveModel } from '../../../../model/live-model.ts';
import type { Book } from '../../../audits/book.ts';
import type { Knowing } from '../../../inquiry.ts';
import type { SlaQuestions } from '../../../sla/questions.ts';
import type { Metrics } from '../../../sla/read-rule.ts';
import type { LedgerCopy } from '../../../sla/records.ts';
import type { AuditRequests } from '../../../sla/requests.ts';
import type { RuleBook } from '../../../sla/rule-book.ts';

/** What the routes about rules answer from. */
export interface SlaContext {
  readonly book: RuleBook;
  readonly records: LedgerCopy;
  readonly requests: AuditRequests;
  /** What audits and plans there are. */
  readonly audits: Book;
  readonly metrics: Metrics;
  readonly model: LiveModel;
  /** Whoever knows how rules stand now. */
  readonly knowing: Knowing<SlaQuestions>;
  /** Seconds since 1970. */
  readonly now: () => number;
}
