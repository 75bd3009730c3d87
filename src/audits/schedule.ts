import { Cron } from 'croner';
import { VigilError } from '../errors.ts';

const MILLIS = 1_000;
/** Ten years: no audit waits longer. */
const LONGEST_INTERVAL = 315_360_000;
const CRON = /^(@\w+|\S+(\s+\S+){4,6})$/;

/**
 * When an audit runs next: so many seconds after the last run, or at the next tick of a cron expression.
 *
 * @throws VigilError `audit-invalid` for what is neither
 */
export function nextRun(interval: string, timeZone: string | null, after: number): number | null {
  const seconds = secondsOf(interval);
  if (seconds !== null) return after + seconds * MILLIS;
  return cron(interval, timeZone).nextRun(new Date(after))?.getTime() ?? null;
}

/** The seconds of an interval that is a number; null for a cron expression. */
export function secondsOf(interval: string): number | null {
  return /^\d+(\.\d+)?$/.test(interval.trim()) ? Number(interval) : null;
}

/**
 * Checks an interval with its time zone.
 *
 * @throws VigilError `audit-invalid` for one that can never be kept
 */
export function checkInterval(interval: string, timeZone: string | null): void {
  const seconds = secondsOf(interval);
  if (seconds === null) cron(interval, timeZone);
  else if (seconds <= 0 || seconds > LONGEST_INTERVAL) {
    throw invalid('interval', `${interval} seconds are not between 1 and ${LONGEST_INTERVAL}`);
  }
}

/** A cron expression of five columns, six with seconds in front, or seven with years behind. */
function cron(pattern: string, timeZone: string | null): Cron {
  const problem = (why: string): string => `${pattern} is neither a number of seconds nor a cron expression (${why})`;
  // A date would be taken too, and never come again.
  if (!CRON.test(pattern.trim())) throw invalid('interval', problem('five to seven columns, or @hourly and the like'));
  try {
    const timezone = timeZone ?? 'UTC';
    const parsed = new Cron(pattern, { timezone, paused: true });
    parsed.nextRun(new Date(0)); // an unknown time zone is only noticed here
    return parsed;
  } catch (error) {
    const { message } = error as Error;
    if (timeZone !== null && !isTimeZone(timeZone)) throw invalid('time_zone', `there is no time zone ${timeZone}`);
    throw invalid('interval', problem(message));
  }
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }) !== undefined;
  } catch {
    return false;
  }
}

function invalid(field: string, problem: string): VigilError {
  return new VigilError('audit-invalid', { field, problem });
}
