import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalTime, parseTime } from '../../../streams/decode/time.ts';

const MIN = Date.UTC(0, 0, 1);
const MAX = Date.UTC(9999, 11, 31, 23, 59, 59);

/** Moments in whole milliseconds, with microseconds beside. */
const moments = fc.tuple(
  fc.date({ min: new Date(MIN), max: new Date(MAX), noInvalidDate: true }),
  fc.integer({ min: 0, max: 999 }),
);

describe('a time', () => {
  it('is read alike in all forms OpenStack writes, to the microsecond', () => {
    fc.assert(
      fc.property(moments, ([date, micros]) => {
        const iso = date.toISOString();
        const [day, clock, milli] = [iso.slice(0, 10), iso.slice(11, 19), iso.slice(20, 23)];
        const fraction = `${milli}${String(micros).padStart(3, '0')}`;
        const whole = Math.floor(date.getTime() / 1_000) * 1_000_000;
        expect(parseTime(`${day}T${clock}Z`)).toBe(whole);
        expect(parseTime(`${day} ${clock}`)).toBe(whole);
        expect(parseTime(`${day}T${clock}+00:00`)).toBe(whole);
        expect(parseTime(`${day} ${clock}.${fraction}`)).toBe(whole + Number(fraction));
        expect(parseTime(`${day}T${clock}.${fraction}`)).toBe(whole + Number(fraction));
        expect(parseTime(`${day} ${clock}.${milli}`)).toBe(date.getTime() * 1_000);
      }),
    );
  });

  it('finer than a microsecond is cut off', () => {
    expect(parseTime('2026-11-23T01:46:23.9151289Z')).toBe(parseTime('2026-11-23T01:46:23.915128Z'));
  });

  it('is what Date reads too, or nothing', () => {
    const digits = (length: number): fc.Arbitrary<string> =>
      fc.nat({ max: 10 ** length - 1 }).map((n) => String(n).padStart(length, '0'));
    const parts = fc.tuple(digits(4), digits(2), digits(2), digits(2), digits(2), digits(2));
    fc.assert(
      fc.property(parts, ([year, month, day, hour, minute, second]) => {
        const text = `${year}-${month}-${day}T${hour}:${minute}:${second}Z`;
        const date = new Date(text);
        // Date takes February 30th for March 2nd and 24:00 for the next day.
        const exists = !Number.isNaN(date.getTime()) && date.toISOString() === text.replace('Z', '.000Z');
        expect(parseTime(text)).toBe(exists ? date.getTime() * 1_000 : Number.NaN);
        expect(normalTime(text)).toBe(exists ? text : null);
      }),
      { numRuns: 2_000 },
    );
  });

  it('is not there in any other text', () => {
    const texts = ['', 'now', '2026-11-23', '2026-11-23T01:46', '2026-11-23T01:46:23+02:00', '2026-11-23T01:46:23.Z'];
    const hidden = ['x2026-11-23T01:46:23Z', '2026-11-23T01:46:23Zx', ' 2026-11-23 01:46:23', '2026-11-23\t01:46:23'];
    for (const text of [...texts, ...hidden, '٢٠٢٦-11-23T01:46:23Z']) expect(parseTime(text)).toBeNaN();
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(parseTime(text)).toBeNaN();
        expect(normalTime(text)).toBeNull();
      }),
    );
  });

  it('is read the same however many days were asked for before', () => {
    const first = parseTime('2026-01-01 00:00:00');
    for (let day = 0; day < 200; day++) parseTime(new Date(Date.UTC(2020, 0, day)).toISOString());
    expect(parseTime('2026-01-01 00:00:00')).toBe(first);
  });
});

describe('the normal form of a time', () => {
  it('is that of payloads, to the second', () => {
    for (const text of ['2026-11-23T01:46:23Z', '2026-11-23 01:46:23.915128', '2026-11-23T01:46:23.000000']) {
      expect(normalTime(text)).toBe('2026-11-23T01:46:23Z');
    }
  });

  it('is null for null and for what is no time, of whatever length', () => {
    for (const text of [null, '', 'not a time at all.Z', 'yyyy-mm-ddThh:mm:ssZ', '2026-11-23 01:46:99Z']) {
      expect(normalTime(text)).toBeNull();
    }
  });
});
