import { describe, expect, it } from 'vitest';
import type { Sample } from '../../../model/metrics/sample.ts';
import { Intake, type IntakeLimits } from '../../../streams/metrics/intake.ts';
import type { Measurement, Outcome } from '../../../streams/metrics/measurement.ts';
import type { Naming } from '../../../streams/metrics/naming.ts';

const NOW = 1_800_000_000;
const LIMITS: IntakeLimits = { series: 100, samplesPerSecond: 1_000, oldest: 600 };

/** Every host whose label begins with an `h` is known; `twice` are two. */
const NAMING: Naming = {
  vcpus: (uuid) => (uuid === 'h1' ? 4 : null),
  find({ host = '' }, kind) {
    if (kind !== 'host') return 'unmapped';
    if (host === 'twice') return 'ambiguous';
    return host.startsWith('h') ? { resource: host } : 'unmapped';
  },
};

const scopeOf = (metric: string) => (metric === 'nonsense' ? null : (['instance', 'host'] as const));
const measured = (fields: Partial<Measurement> & { host?: string } = {}): Measurement => {
  const { host = 'h1', ...rest } = fields;
  return { metric: 'cpu_util', labels: { host }, value: 1, time: NOW - 5, ...rest };
};

function takeInto(intake: Intake, measurements: readonly Measurement[], now = NOW, source = 'push') {
  let outcome: Outcome | null = null;
  const done = (told: Outcome): void => {
    outcome = told;
  };
  const samples: Sample[] = intake.take(source, { measurements, done }, now);
  return { samples, outcome };
}

describe('the intake of measurements', () => {
  it('makes a sample of what is known, believable and of something in the model', () => {
    const { samples, outcome } = takeInto(new Intake(scopeOf, NAMING, LIMITS), [measured()]);
    expect(samples).toEqual([{ metric: 'cpu_util', resource: 'h1', value: 1, time: NOW - 5 }]);
    expect(outcome).toEqual({ taken: 1, refused: [] });
  });

  it.each([
    ['unknown-metric', measured({ metric: 'nonsense' })],
    ['unmapped', measured({ host: 'stranger' })],
    ['ambiguous', measured({ host: 'twice' })],
    ['not-a-number', measured({ value: Number.NaN })],
    ['not-a-number', measured({ value: Number.POSITIVE_INFINITY })],
    ['too-old', measured({ time: NOW - 601 })],
    ['too-old', measured({ time: Number.NaN })],
    ['in-the-future', measured({ time: NOW + 61 })],
  ] as const)('refuses with the reason %s, and goes on with the rest', (reason, refused) => {
    const { samples, outcome } = takeInto(new Intake(scopeOf, NAMING, LIMITS), [measured(), refused, measured()]);
    expect(samples).toHaveLength(2);
    expect(outcome).toEqual({ taken: 2, refused: [{ at: 1, reason }] });
  });

  it('counts what it refused by source and reason, and shows a few examples of different series', () => {
    const intake = new Intake(scopeOf, NAMING, LIMITS);
    const strangers = Array.from({ length: 50 }, (_, i) => measured({ host: `stranger-${i % 25}` }));
    takeInto(intake, strangers, NOW, 'a');
    takeInto(intake, [measured()], NOW, 'b');
    const { received, taken, refused } = intake.counts('a');
    expect({ received, taken }).toEqual({ received: 50, taken: 0 });
    expect(refused).toMatchObject([{ reason: 'unmapped', count: 50 }]);
    expect(new Set(refused[0]?.examples.map(({ labels }) => labels.host)).size).toBe(5);
    expect(intake.counts('b')).toEqual({ received: 1, taken: 1, refused: [] });
  });

  it('holds no more series than its limit, until one was not measured for an hour', () => {
    const intake = new Intake(scopeOf, NAMING, { ...LIMITS, series: 2, oldest: 10_000 });
    takeInto(intake, [measured({ host: 'h1' }), measured({ host: 'h2' })]);
    const full = takeInto(intake, [measured({ host: 'h3' }), measured({ host: 'h1' })], NOW + 1_800);
    expect(full.outcome).toEqual({ taken: 1, refused: [{ at: 0, reason: 'too-many-series' }] });
    const later = takeInto(intake, [measured({ host: 'h3' })], NOW + 3_700);
    expect(later.outcome).toEqual({ taken: 1, refused: [] });
    expect(intake.seriesCount).toBe(2);
  });

  it('takes no more of a source than its rate over a minute, whatever other sources bring', () => {
    const intake = new Intake(scopeOf, NAMING, { ...LIMITS, samplesPerSecond: 2 });
    const many = Array.from({ length: 130 }, () => measured());
    expect(takeInto(intake, many, NOW, 'a').outcome).toMatchObject({ taken: 120 });
    expect(takeInto(intake, many, NOW + 10, 'a').outcome).toMatchObject({ taken: 20 });
    expect(takeInto(intake, [measured()], NOW + 10, 'b').outcome).toMatchObject({ taken: 1 });
  });

  it('turns what a source provides into the metric’s unit, by scale and by how many vCPUs there are', () => {
    const intake = new Intake(scopeOf, NAMING, LIMITS);
    const provision = { of: 'host', perVcpu: true, scale: 100 } as const;
    const { samples, outcome } = takeInto(intake, [
      measured({ provision, value: 2 }),
      measured({ provision, value: 2, host: 'h2' }),
    ]);
    expect(samples).toMatchObject([{ resource: 'h1', value: 50 }]);
    expect(outcome).toEqual({ taken: 1, refused: [{ at: 1, reason: 'unknown-size' }] });
  });

  it('makes rates of counters, from one measurement to the next and across their resets', () => {
    const intake = new Intake(scopeOf, NAMING, LIMITS);
    const provision = { of: 'host', counter: true } as const;
    const counted = (value: number, time: number) => measured({ provision, value, time: NOW + time });
    const { samples, outcome } = takeInto(intake, [
      counted(100, -40),
      counted(150, -30),
      counted(120, -35),
      counted(30, -20),
    ]);
    expect(samples.map(({ value, time }) => [value, time - NOW])).toEqual([
      [5, -30],
      [3, -20],
    ]);
    expect(outcome).toEqual({ taken: 4, refused: [] });
  });
});
