import type { Parameters, ScopeSpec } from './audit.ts';
import type { Stored } from './record.ts';

/** What audits of the same sort have in common, kept so that it need not be repeated. */
export type AuditTemplate = Stored & {
  readonly name: string;
  readonly description: string | null;
  readonly goal: string;
  readonly strategy: string | null;
  readonly scope: ScopeSpec;
  /** As given; defaults are filled in when an audit is made of it. */
  readonly defaultParameters: Parameters;
};
