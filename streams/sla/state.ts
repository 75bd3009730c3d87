/**
 * What a rule makes of a series. `unknown`: nothing was measured in the window, also every series' first state; never ok by
 * silence. `pending`: the threshold is passed, not yet for as long as the rule holds. `breached`: it was.
 */
export const STATES = ['unknown', 'ok', 'pending', 'breached'] as const;

export type SeriesState = (typeof STATES)[number];

/** States by their place in {@link STATES}, as they are kept for very many series. */
export const UNKNOWN = 0;
export const OK = 1;
export const PENDING = 2;
export const BREACHED = 3;

/** What of a rule decides the state of a series. Hold in seconds. */
export interface Limits {
  readonly bad: 'above' | 'below';
  readonly threshold: number;
  readonly clear: number;
  readonly hold: number;
}

/** Whether a value passes the threshold. */
export function isOver({ bad, threshold }: Limits, value: number): boolean {
  return bad === 'above' ? value > threshold : value < threshold;
}

/** Whether a value ends a breach. */
export function isClear({ bad, clear }: Limits, value: number): boolean {
  return bad === 'above' ? value <= clear : value >= clear;
}

/**
 * The state after a step. `value` is NaN when nothing was measured; `over` is for how many seconds the threshold has been
 * passed without a break, now included.
 */
export function nextState(limits: Limits, state: number, value: number, over: number): number {
  if (Number.isNaN(value)) return UNKNOWN;
  if (isOver(limits, value)) return state === BREACHED || over >= limits.hold ? BREACHED : PENDING;
  return state === BREACHED && !isClear(limits, value) ? BREACHED : OK;
}
