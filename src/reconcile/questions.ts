import { setImmediate as nextTurn } from 'node:timers/promises';
import { VigilError } from '../errors.ts';
import type { Knowing, Matter } from '../inquiry.ts';
import { PASS_KINDS, type PassKind, type Target } from './collector.ts';
import type { ReconcileControl } from './control.ts';
import type { DriftReport } from './drift.ts';
import type { PassNumber } from './full-passes.ts';
import type { PassReport, ReconcileStatus, TargetReport } from './report.ts';

/** What is to be read anew: all, or one thing. */
export type ReadScope = 'all' | Target;

/** What can be asked of a process that compares the model with the cloud, and what is answered; all of it is JSON. */
export interface ReconcileQuestions {
  readonly standing: { readonly asked: null; readonly answer: ReconcileStanding };
  /** The report when it is waited for, else null. */
  readonly refresh: {
    readonly asked: { readonly scope: ReadScope; readonly wait: boolean };
    readonly answer: PassReport | TargetReport | null;
  };
  /** A full pass that begins after now is asked for: which it is. */
  readonly full: { readonly asked: null; readonly answer: PassNumber };
  /** The report when it is waited for, else null. */
  readonly confirm: { readonly asked: { readonly wait: boolean }; readonly answer: PassReport | null };
  /** Seconds between two passes of each kind, from now on. */
  readonly intervals: {
    readonly asked: { readonly [kind in PassKind]?: number };
    readonly answer: Readonly<Record<PassKind, number>>;
  };
}

export interface ReconcileStanding {
  readonly drift: DriftReport;
  readonly status: ReconcileStatus;
}

/** Asked between processes; of those that take in notifications one compares the model with the cloud. */
export const RECONCILE_MATTER: Matter = { kind: 'reconcile_question', nobody: 'no-ingest' };

/** Answers from the reconciler of this process; null, when it is asked: there is no OpenStack API. */
export function reconcilingBy(reconciler: () => ReconcileControl | null): Knowing<ReconcileQuestions> {
  return {
    ask: async (question, asked) => {
      const control = reconciler();
      if (control === null) throw new VigilError('no-openstack');
      return ANSWERS[question](asked, control);
    },
  };
}

type Answers = {
  readonly [Q in keyof ReconcileQuestions]: (
    asked: ReconcileQuestions[Q]['asked'],
    control: ReconcileControl,
  ) => Promise<ReconcileQuestions[Q]['answer']>;
};

const ANSWERS: Answers = {
  standing: async (_, control) => ({ drift: control.drift(), status: control.status() }),
  refresh: ({ scope, wait }, control) =>
    begun<PassReport | TargetReport>(scope === 'all' ? control.refreshAll() : control.refresh(scope), wait),
  full: async (_, control) => control.askFull(),
  confirm: ({ wait }, control) => begun(control.confirmAbsences(), wait),
  intervals: async (asked, control) => {
    for (const kind of PASS_KINDS) {
      const seconds = asked[kind];
      if (seconds !== undefined) control.setInterval(kind, seconds);
    }
    return control.status().intervalsSeconds;
  },
};

/** What is refused is so at once. */
async function begun<T>(reading: Promise<T | null>, wait: boolean): Promise<T | null> {
  const refused = wait ? (await reading) === null : (await Promise.race([reading, nextTurn(true)])) === null;
  if (refused) throw new VigilError('too-many-reads');
  return wait ? reading : null;
}
