import type { LiveModel } from '../../../../model/live-model.ts';
import type { SlaEngine } from '../../../sla/engine.ts';
import type { Metrics } from '../../../sla/read-rule.ts';
import type { LedgerCopy } from '../../../sla/records.ts';
import type { RuleBook } from '../../../sla/rule-book.ts';

/** What the routes about rules answer from. */
export interface SlaContext {
  readonly engine: SlaEngine;
  readonly book: RuleBook;
  readonly records: LedgerCopy;
  readonly metrics: Metrics;
  readonly model: LiveModel;
}
