import { Cron } from 'croner';
import { VigilError } from '../errors.ts';

const MILLIS = 1_000;
/** Ten years: no audit waits longer. */
const LONGEST_INTERVAL = 315_360_000;
const USUAL_COLUMNS = 5;
const CRON = /^(?:CRON_TZ=(?<timezone>\S+)\s+)?(?<pattern>@\w+|\S+(?:\s+\S+){4,6})$/;

/**
 * When an audit runs next: so many seconds after the last run, or at the next tick of a cron expression.
 *
 * @throws VigilError `audit-invalid` for what is neither
 */
export function nextRun(interval: string, after: number): number | null {
  const seconds = secondsOf(interval);
  if (seconds !== null) return after + seconds * MILLIS;
  return cron(interval).nextRun(new Date(after))?.getTime() ?? null;
}

/** The seconds of an interval that is a number; null for a cron expression. */
export function secondsOf(interval: string): number | null {
  return /^\d+(\.\d+)?$/.test(interval.trim()) ? Number(interval) : null;
}

/**
 * Checks an interval.
 *
 * @throws VigilError `audit-invalid` for one that can never be kept
 */
export function checkInterval(interval: string): void {
  const seconds = secondsOf(interval);
  if (seconds === null) cron(interval);
  else if (seconds <= 0 || seconds > LONGEST_INTERVAL) {
    throw invalid(`${interval} seconds are not between 1 and ${LONGEST_INTERVAL}`);
  }
}

/**
 * A cron expression of five columns, and behind them, as clients of Watcher write it, seconds and years; `CRON_TZ=Europe/Vienna `
 * before it names its time zone, as many crons have it, else it is in UTC.
 */
function cron(interval: string): Cron {
  const problem = (why: string): string => `${interval} is neither a number of seconds nor a cron expression (${why})`;
  // A date would be taken too, and never come again.
  const { pattern, timezone = 'UTC' } = CRON.exec(interval.trim())?.groups ?? {};
  if (pattern === undefined) throw invalid(problem('five to seven columns, or @hourly and the like'));
  if (!isTimeZone(timezone)) throw invalid(`there is no time zone ${timezone}`);
  try {
    return new Cron(secondsFirst(pattern), { timezone, paused: true });
  } catch (error) {
    throw invalid(problem((error as Error).message));
  }
}

/** Minutes to days of the week, seconds, years; with the seconds where the parser looks for them. */
function secondsFirst(pattern: string): string {
  const columns = pattern.split(/\s+/);
  if (columns.length <= USUAL_COLUMNS) return pattern;
  const [seconds] = columns.splice(USUAL_COLUMNS, 1);
  return [seconds, ...columns].join(' ');
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }) !== undefined;
  } catch {
    return false;
  }
}

function invalid(problem: string): VigilError {
  return new VigilError('audit-invalid', { field: 'interval', problem });
}
