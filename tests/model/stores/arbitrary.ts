import fc from 'fast-check';
import { makeClock } from '../../../model/clock.ts';
import type { ElementKey } from '../../../model/element.ts';
import type { Fact, Value } from '../../../model/fact.ts';

/** Names and texts that break what is not careful: prototypes, separators, escapes, what UTF-8 cannot say. */
export const HOSTILE_TEXTS: readonly string[] = [
  '',
  '__proto__',
  'constructor',
  'toString',
  'a b\tc\nd\r\0e\u001f\u007f',
  '%0041%',
  '%head',
  'ключ 鍵 🗝',
  '\ud800 lone',
  '"quoted\\"',
  "'; DROP TABLE instances; --",
  '{vigil:other}',
  '*',
  'x'.repeat(255),
];

const ELEMENTS: readonly ElementKey[] = [
  'instance/1',
  'instance/2',
  'host/h',
  ...HOSTILE_TEXTS.map((text) => `host/${text}` as ElementKey),
];

const VALUES: readonly Value[] = [
  null,
  false,
  0,
  -1.5e300,
  '',
  'x'.repeat(10_000),
  [],
  {},
  ['a', ['b', { c: null }]],
  JSON.parse('{"__proto__": {"polluted": true}, "constructor": 1, "": [""]}') as Value,
  ...HOSTILE_TEXTS,
];

/**
 * Commits, each a list of facts. Elements, registers and clocks are few, so that facts meet, overtake and repeat one
 * another. As in nova, what is said of one register at one clock is one thing: the value follows from both.
 */
export const commits: fc.Arbitrary<Fact[][]> = fc.array(
  fc
    .array(
      fc.record({
        element: fc.integer({ min: 0, max: ELEMENTS.length - 1 }),
        register: fc.integer({ min: 0, max: HOSTILE_TEXTS.length - 1 }),
        updatedAt: fc.constantFrom(0, 7, 1_790_000_000),
        tier: fc.constantFrom(0 as const, 1 as const),
        time: fc.integer({ min: 0, max: 5 }),
      }),
      { minLength: 1, maxLength: 12 },
    )
    .map((picks) => picks.map(({ element, register, ...clock }) => makeFact(element, register, clock))),
  { maxLength: 12 },
);

function makeFact(element: number, register: number, said: { updatedAt: number; tier: 0 | 1; time: number }): Fact {
  const number = said.updatedAt + 31 * said.tier + 7 * said.time;
  return {
    element: ELEMENTS[element] as ElementKey,
    register: HOSTILE_TEXTS[register] as string,
    clock: makeClock({ ...said, tie: number.toString(16).padStart(8, '0').slice(-8) }),
    // Few values a register, so that a later fact often says what is held already.
    value: VALUES[(register + (number % 3)) % VALUES.length] as Value,
    cause: {
      event: HOSTILE_TEXTS[number % HOSTILE_TEXTS.length] as string,
      id: `message ${number}`,
      publisher: 'nova-compute:host1',
      // Cut to the future's limit in a clock, but never in a cause.
      time: said.time + (number % 2) * 1_000_000,
    },
  };
}
