import { describe, expect, test } from 'vitest';
import { Pace, sentAt } from '../../../streams/sources/pace.ts';

describe('a pace', () => {
  test('keeps the distances between times, divided by its speed', () => {
    const pace = new Pace(10);
    expect(pace.delay(1_000_000, 50)).toBe(0);
    expect(pace.delay(1_000_400, 50)).toBe(40);
    expect(pace.delay(1_001_000, 90)).toBe(60);
  });

  test('does not wait for what is late, and does not run ahead after it', () => {
    const pace = new Pace(1);
    pace.delay(1000, 0);
    expect(pace.delay(1010, 500)).toBe(0);
    expect(pace.delay(1600, 500)).toBe(100);
  });

  test('does not wait for unknown times, nor for those before the first', () => {
    const pace = new Pace(1);
    expect(pace.delay(undefined, 0)).toBe(0);
    pace.delay(1000, 0);
    expect(pace.delay(10, 0)).toBe(0);
  });

  test.each([0, -1, Number.NaN])('is no speed: %s', (speed) => {
    expect(() => new Pace(speed)).toThrow(/greater than 0/);
  });
});

test('a body tells when it was sent, wrapped or not', () => {
  const inner = {
    message_id: 'm',
    publisher_id: 'p',
    event_type: 'e',
    payload: {},
    timestamp: '2026-11-23 01:46:23.9151',
  };
  const wrapped = { 'oslo.version': '2.0', 'oslo.message': JSON.stringify(inner) };
  expect([inner, wrapped].map((body) => sentAt(Buffer.from(JSON.stringify(body))))).toEqual([
    1795398383915.1, 1795398383915.1,
  ]);
  expect(sentAt(Buffer.from('not JSON'))).toBeUndefined();
});
