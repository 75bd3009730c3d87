import type { Audit } from './audit.ts';
import { nextRun, secondsOf } from './schedule.ts';

/** What is to be done with an audit now. */
export type Turn =
  | { readonly kind: 'run' }
  /** Not before that time (milliseconds since 1970), which clients are shown. */
  | { readonly kind: 'wait'; readonly until: number }
  /** Its time is over. */
  | { readonly kind: 'over' }
  /** Nothing, until somebody changes it. */
  | { readonly kind: 'rest' };

const REST: Turn = { kind: 'rest' };
const RUN: Turn = { kind: 'run' };

/** What is to be done with an audit at a time; a function of what is kept of it, so that a restart changes nothing. */
export function turnOf(audit: Audit, now: number): Turn {
  if (audit.deletedAt !== null) return REST;
  const { state, startTime, endTime, calledAt, lastRunTime } = audit;
  switch (audit.auditType) {
    case 'ONESHOT':
      // One that is ONGOING and not being run was interrupted: nothing came of it, so it is run again.
      return state === 'PENDING' || state === 'ONGOING' ? RUN : REST;
    case 'EVENT': {
      const called = calledAt !== null && calledAt > (lastRunTime ?? 0);
      if (state === 'ONGOING') return RUN;
      if (!called || (state !== 'PENDING' && state !== 'SUCCEEDED')) return REST;
      return (startTime ?? 0) <= now && now < (endTime ?? Number.POSITIVE_INFINITY) ? RUN : REST;
    }
    case 'CONTINUOUS': {
      if (state !== 'PENDING' && state !== 'ONGOING') return REST;
      if (endTime !== null && endTime <= now) return { kind: 'over' };
      const next = audit.nextRunTime ?? firstRun(audit, now);
      if (next === null) return { kind: 'over' };
      return next <= now ? RUN : { kind: 'wait', until: next };
    }
  }
}

/** An interval begins at once, a cron expression at its first tick; neither before the start time. */
function firstRun({ interval, startTime, lastRunTime }: Audit, now: number): number | null {
  const from = Math.max(startTime ?? 0, now);
  if (interval === null) return null;
  const seconds = secondsOf(interval);
  if (seconds === null) return nextRun(interval, from - 1);
  return lastRunTime === null ? from : Math.max(startTime ?? 0, nextRun(interval, lastRunTime) ?? from);
}
