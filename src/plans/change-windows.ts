const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const WEEK = DAYS.length;
const MINUTES_OF_AN_HOUR = 60;
const MINUTES_OF_A_DAY = 1_440;

/** A time that comes every week, in which changes may be made. */
export interface ChangeWindow {
  readonly text: string;
  /** Whether a time (milliseconds since 1970) lies in it. */
  isOpen(at: number): boolean;
}

/**
 * Reads `mon-fri 22:00-06:00 Europe/Vienna`; days are those on which it begins, every day when left out, the zone is UTC.
 * An end that is not later than the begin is on the next day.
 *
 * @throws RangeError for an unknown zone or a text of another form
 */
export function readWindow(text: string): ChangeWindow {
  const match = /^(?:([a-z]{3})(?:-([a-z]{3}))? )?(\d\d):(\d\d)-(\d\d):(\d\d)(?: (\S+))?$/.exec(text);
  if (match === null) throw new RangeError(`not a change window: ${text}`);
  const [, first, last = first, fromHour, fromMinute, toHour, toMinute, timeZone = 'UTC'] = match;
  const days = daysFrom(first, last);
  const begin = Number(fromHour) * MINUTES_OF_AN_HOUR + Number(fromMinute);
  const end = Number(toHour) * MINUTES_OF_AN_HOUR + Number(toMinute);
  const length = end > begin ? end - begin : end + MINUTES_OF_A_DAY - begin;
  const clock = new Intl.DateTimeFormat('en-US', {
    timeZone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  return {
    text,
    isOpen: (at) => {
      const parts = new Map(clock.formatToParts(at).map(({ type, value }) => [type, value]));
      const day = DAYS.indexOf((parts.get('weekday') ?? '').toLowerCase());
      const minute = Number(parts.get('hour')) * MINUTES_OF_AN_HOUR + Number(parts.get('minute'));
      const today = days.has(day) && minute >= begin && minute < begin + length;
      const yesterday = (day + WEEK - 1) % WEEK;
      return today || (days.has(yesterday) && minute + MINUTES_OF_A_DAY < begin + length);
    },
  };
}

function daysFrom(first: string | undefined, last: string | undefined): ReadonlySet<number> {
  if (first === undefined) return new Set(DAYS.keys());
  const [from, to] = [DAYS.indexOf(first), DAYS.indexOf(last ?? first)];
  if (from < 0 || to < 0) throw new RangeError(`no days: ${first}-${last}`);
  const count = ((to - from + WEEK) % WEEK) + 1;
  return new Set(Array.from({ length: count }, (_, i) => (from + i) % WEEK));
}
