import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ElementKey } from '../../model/element.ts';
import type { Fact, Value } from '../../model/fact.ts';
import { Registers } from '../../model/held.ts';
import { foldFacts, heldFacts, joinFacts, sameValue } from '../../model/join.ts';
import { REGISTER } from '../../model/registers.ts';
import { commits } from './stores/arbitrary.ts';
import { fact } from './stores/facts.ts';
import { message } from './world.ts';

type Elements = Map<ElementKey, Registers>;

/** Joins facts one after the other into a state, as a store does commit by commit. */
function join(facts: readonly Fact[], into: Elements = new Map()): Elements {
  for (const one of facts) {
    const registers = into.get(one.element) ?? new Registers();
    into.set(one.element, registers);
    joinFacts(registers, [one]);
  }
  return into;
}

/** A state as text that does not depend on the order things came in. */
function text(state: Elements): string {
  const facts = [...state].flatMap(([element, registers]) => [...heldFacts(element, registers)]);
  return JSON.stringify(facts.map(({ element, register, clock, value }) => [element, register, clock, value]).sort());
}

function contents(state: Elements): Fact[] {
  return [...state].flatMap(([element, registers]) => [...heldFacts(element, registers)]);
}

/** Facts one by one, and messages whose facts share their clock and cause. */
const facts = fc.oneof(
  commits.map((all) => all.flat()),
  fc.array(message, { maxLength: 25 }).map((all) => all.flat()),
);

describe('joining', () => {
  it('does not depend on the order', () => {
    const shuffled = facts.chain((all) =>
      fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length, maxLength: all.length })),
    );
    fc.assert(
      fc.property(shuffled, ([all, order]) => {
        expect(text(join(order))).toBe(text(join(all)));
      }),
    );
  });

  it('does not depend on how it is grouped: joining states is joining all their facts', () => {
    fc.assert(
      fc.property(facts, facts, facts, (a, b, c) => {
        const whole = text(join([...a, ...b, ...c]));
        const [left, right] = [join([...a, ...b]), join([...b, ...c])];
        expect(text(join(c, left))).toBe(whole);
        expect(text(join(contents(right), join(a)))).toBe(whole);
      }),
    );
  });

  it('of what is known already changes nothing, and tells so', () => {
    fc.assert(
      fc.property(facts, (all) => {
        const state = join(all);
        const before = text(state);
        for (const one of all) expect(joinFacts(state.get(one.element) ?? new Registers(), [one])).toEqual([]);
        expect(text(state)).toBe(before);
      }),
    );
  });

  it('keeps for each register the fact with the greatest clock', () => {
    fc.assert(
      fc.property(facts, (all) => {
        for (const held of contents(join(all))) {
          const told = all.filter(({ element, register }) => element === held.element && register === held.register);
          const greatest = told.reduce((best, one) => (one.clock > best.clock ? one : best));
          expect({ clock: held.clock, value: held.value }).toEqual({ clock: greatest.clock, value: greatest.value });
        }
      }),
    );
  });

  it('tells the facts that won, without the values that are as before', () => {
    const registers = new Registers();
    expect(joinFacts(registers, [fact('host/a', 'x', 5, [1])])).toMatchObject([{ value: [1] }]);
    expect(joinFacts(registers, [fact('host/a', 'x', 4, [2])])).toEqual([]);
    expect(joinFacts(registers, [fact('host/a', 'x', 6, [1])])).toMatchObject([{ register: 'x', value: undefined }]);
    expect(joinFacts(registers, [fact('host/a', 'x', 7, [2]), fact('host/a', 'y', 1, 3)])).toMatchObject([
      { register: 'x', value: [2] },
      { register: 'y', value: 3 },
    ]);
  });

  it('moves the clock on with an equal value, so that an older one does not win later', () => {
    const registers = new Registers();
    joinFacts(registers, [fact('host/a', 'x', 1, 'on'), fact('host/a', 'x', 9, 'on')]);
    expect(joinFacts(registers, [fact('host/a', 'x', 5, 'off')])).toEqual([]);
    expect(registers.value('x')).toBe('on');
    expect(registers.said('x')?.cause.id).toBe('message-9');
  });

  it('of a statement about many registers at once is joining it register by register, whatever was said before', () => {
    const names = [REGISTER.place, REGISTER.life, 'volume/1', 'x'];
    const statement = fc.record({
      clock: fc.integer({ min: 1, max: 6 }),
      registers: fc.array(fc.constantFrom(...names), { minLength: 1, maxLength: 6 }),
      value: fc.constantFrom(1, 2),
    });
    fc.assert(
      fc.property(fc.array(statement, { maxLength: 12 }), (statements) => {
        const [together, apart] = [new Registers(), new Registers()];
        for (const { clock, registers, value } of statements) {
          const { cause, ...said } = fact('host/a', '', clock, value);
          const told = registers.map((register) => ({ ...said, register, cause }));
          expect(joinFacts(together, told)).toEqual(told.flatMap((one) => joinFacts(apart, [one])));
          expect(text(new Map([['host/a', together]]))).toBe(text(new Map([['host/a', apart]])));
          for (const [register, held] of apart) expect(together.said(register)?.cause).toBe(held.cause);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('takes a fact without a value, as a store tells it, for the value that is held', () => {
    const registers = new Registers();
    joinFacts(registers, [fact('host/a', 'x', 1, 'on')]);
    const moved: Fact = { ...fact('host/a', 'x', 9, null), value: undefined };
    expect(joinFacts(registers, [moved])).toEqual([moved]);
    expect(registers.value('x')).toBe('on');
  });
});

describe('joining messages', () => {
  const messages = fc.array(message, { maxLength: 40 });

  it('as a whole comes to what joining each fact alone comes to, and tells the same', () => {
    fc.assert(
      fc.property(messages, (all) => {
        const whole: Elements = new Map();
        const single: Elements = new Map();
        for (const told of all) {
          const [{ element }] = told as [Fact];
          const copies = told.map((one) => ({ ...one, cause: { ...one.cause } }));
          const won = joinAll(whole, element, told);
          expect(won).toEqual(copies.flatMap((one) => joinAll(single, element, [one])));
        }
        expect(text(whole)).toBe(text(single));
        for (const held of contents(whole)) expect(held.cause.id).toBe(byClock(all.flat(), held)?.cause.id);
      }),
      { numRuns: 500 },
    );
  });

  it('of several together comes to the same as one after the other', () => {
    fc.assert(
      fc.property(messages, (all) => {
        const together: Elements = new Map();
        for (const [element, told] of foldFacts(all.flat())) joinAll(together, element, [...told.values()]);
        expect(text(together)).toBe(text(join(all.flat())));
      }),
      { numRuns: 500 },
    );
  });

  function joinAll(into: Elements, element: ElementKey, told: readonly Fact[]): Fact[] {
    const registers = into.get(element) ?? new Registers();
    into.set(element, registers);
    return joinFacts(registers, told);
  }

  function byClock(told: readonly Fact[], held: Fact): Fact | undefined {
    return told.find(
      ({ element, register, clock }) => element === held.element && register === held.register && clock === held.clock,
    );
  }
});

describe('folding', () => {
  it('comes to what joining one by one comes to, each register once', () => {
    fc.assert(
      fc.property(facts, (all) => {
        const folded = [...foldFacts(all)].map(([element, told]) => [element, [...told.values()]] as const);
        for (const [element, told] of folded) {
          expect(told.every((one) => one.element === element)).toBe(true);
          expect(new Set(told.map(({ register }) => register)).size).toBe(told.length);
        }
        expect(text(join(folded.flatMap(([, told]) => told)))).toBe(text(join(all)));
      }),
    );
  });

  it('folds elements with many registers, told again and again between others', () => {
    const all = Array.from({ length: 300 }, (_, i) => [
      fact('server_group/g', `member/${i % 40}`, i, i),
      fact('host/a', 'x', 300 - i, i),
    ]).flat();
    expect(text(join([...foldFacts(all).values()].flatMap((told) => [...told.values()])))).toBe(text(join(all)));
  });
});

describe('the same value', () => {
  const parsed = (json: string): Value => JSON.parse(json) as Value;
  const values = fc.oneof(
    fc.jsonValue().map((value) => parsed(JSON.stringify(value))),
    fc
      .dictionary(fc.constantFrom('a', '__proto__', 'toString', 'constructor', ''), fc.constantFrom(null, 1, 'x'))
      .map((value) => parsed(JSON.stringify(value))),
  );

  it('is what has the same fields with the same values, in any order', () => {
    fc.assert(
      fc.property(values, values, (a, b) => {
        expect(sameValue(a, parsed(JSON.stringify(a)))).toBe(true);
        expect(sameValue(a, b)).toBe(canonical(a) === canonical(b));
        expect(sameValue(b, a)).toBe(sameValue(a, b));
      }),
      { numRuns: 1_000 },
    );
    expect(sameValue({ a: 1, b: 2 }, { b: 2, a: 1 })).toBe(true);
    expect(sameValue([1, 2], [2, 1])).toBe(false);
  });

  it('is not found where a prototype has what a value has not', () => {
    const hostile = ['{"__proto__": null}', '{"__proto__": {}}', '{"toString": null}', '{"constructor": {}}'].map(
      parsed,
    );
    for (const value of hostile) {
      expect(sameValue(value, {})).toBe(false);
      expect(sameValue({}, value)).toBe(false);
      expect(sameValue(value, { other: null })).toBe(false);
      expect(sameValue(value, parsed(JSON.stringify(value)))).toBe(true);
    }
  });

  it('tells apart what JavaScript may take for equal', () => {
    const all: Value[] = [null, false, 0, '', '0', [], {}, [null], ['']];
    for (const [i, a] of all.entries()) for (const [j, b] of all.entries()) expect(sameValue(a, b)).toBe(i === j);
    expect(sameValue([], { length: 0 })).toBe(false);
    expect(sameValue(['a'], { 0: 'a' })).toBe(false);
  });
});

/** JSON with its keys sorted. */
function canonical(value: Value): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, field]) => `${JSON.stringify(key)}:${canonical(field as Value)}`).join()}}`;
}
