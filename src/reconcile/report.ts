import type { PassKind } from './collector.ts';

/** What a pass has done. */
export interface PassReport {
  readonly kind: PassKind;
  /** Milliseconds since 1970, by our clock. */
  readonly startedAt: number;
  readonly durationSeconds: number;
  /** Everything it was to read was read: after a complete full pass the model is the cloud. */
  readonly complete: boolean;
  /** Things that were read. */
  readonly read: number;
  /** Registers that were wrong, and things that were gone. */
  readonly corrections: number;
  readonly gone: number;
  /** What went wrong, a sentence each. */
  readonly problems: readonly string[];
  /** Ties its requests together in the logs of all services. */
  readonly globalRequestId: string;
}

/** What came of reading a single thing. */
export interface TargetReport {
  /** Whether nova has it, or the model had it. */
  readonly found: boolean;
  readonly read: number;
  readonly corrections: number;
  readonly gone: number;
  readonly problems: readonly string[];
}

export interface PassTally {
  readonly complete: number;
  readonly incomplete: number;
}

export interface ReconcileStatus {
  /** The pass under way. */
  readonly running: PassKind | null;
  readonly intervalsSeconds: Readonly<Record<PassKind, number>>;
  readonly last: Readonly<Record<PassKind, PassReport | null>>;
  /** Passes that ended since this process started. */
  readonly ended: Readonly<Record<PassKind, PassTally>>;
  /** Single readings waiting. */
  readonly waiting: number;
  /** How many of each kind are missing from lists and held until a second pass or an operator agrees. */
  readonly held: Readonly<Record<string, number>>;
  /** How far nova's clock is ahead of ours, in seconds. */
  readonly clockAheadSeconds: number;
}
