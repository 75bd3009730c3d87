/** Why a strategy cannot come to any solution, by a code that does not change; `{name}` stands for a value. */
export const STRATEGY_ERRORS = {
  'no-logic': 'Strategy {strategy} is known by name only: this version of Vigil cannot carry it out.',
  'action-unknown': 'There is no action of type {type}; there are {known}.',
  'action-invalid': 'The input of action {number} ({type}) does not fit: {problem}.',
  'host-unknown': 'Parameter {parameter} names {host}; no nova-compute service of that name is known.',
  'host-out-of-scope': 'Parameter {parameter} names {host}, which the scope of the audit leaves out.',
  'backup-is-target': 'The host to be emptied, {host}, cannot be its own backup.',
  'metric-missing': 'Nothing says which metric is meant: give the parameter metric, or start the audit by a rule.',
  'threshold-missing': 'Nothing says who suffers: give the parameter threshold, or start the audit by a rule.',
  'not-measured': 'Nothing was measured of {metric} in the window, so nobody can be told to suffer from it.',
} as const;

export type StrategyErrorCode = keyof typeof STRATEGY_ERRORS;

/** Thrown by a strategy whose parameters make no sense in the cloud as it is: the audit fails with this message. */
export class StrategyError extends Error {
  override readonly name = 'StrategyError';
  readonly code: StrategyErrorCode;

  constructor(code: StrategyErrorCode, about: { readonly [name: string]: string | number } = {}) {
    super(STRATEGY_ERRORS[code].replace(/\{(\w+)\}/g, (_, name: string) => String(about[name])));
    this.code = code;
  }
}
