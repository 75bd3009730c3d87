import type { Reconciler } from './reconciler.ts';

/** What API, metrics and commands may do with a reconciler. */
export type ReconcileControl = Pick<
  Reconciler,
  'refreshAll' | 'refresh' | 'askFull' | 'confirmAbsences' | 'setInterval' | 'drift' | 'status' | 'clockAhead'
>;
