/** What a check found. `mend` says what to do, for whatever is not well. */
export interface Finding {
  readonly about: string;
  readonly verdict: 'ok' | 'warning' | 'failure';
  readonly text: string;
  readonly mend?: string;
}

export function ok(about: string, text: string): Finding {
  return { about, verdict: 'ok', text };
}

export function warning(about: string, text: string, mend: string): Finding {
  return { about, verdict: 'warning', text, mend };
}

export function failure(about: string, text: string, mend: string): Finding {
  return { about, verdict: 'failure', text, mend };
}
