import { describe, expect, it } from 'vitest';
import { Registers, type Said } from '../../model/held.ts';
import { REGISTER } from '../../model/registers.ts';

const OTHER = `${REGISTER.volume}1`;

function said(clock: string): Said {
  return {
    clock,
    cause: { event: 'instance.update', id: clock, publisher: 'nova-compute:host', time: 1 },
    sharedBy: 0,
  };
}

describe.each([
  ['a register that each instance has', REGISTER.state],
  ['another register', OTHER],
])('%s', (_, register) => {
  it('is nowhere before it is set', () => {
    const registers = new Registers();
    registers.add(REGISTER.flavor, null, said('1'));
    expect(registers.find(register)).toBeUndefined();
    expect(registers.said(register)).toBeUndefined();
    expect(registers.value(register)).toBeUndefined();
  });

  it('holds a value, null too, and what set it, at an offset that stays', () => {
    const registers = new Registers();
    const [first, second] = [said('1'), said('2')];
    registers.add(register, null, first);
    const offset = registers.find(register) as number;
    registers.add(REGISTER.life, false, first);
    registers.add(`${REGISTER.volume}2`, true, first);
    expect(registers.find(register)).toBe(offset);
    expect([registers.saidAt(offset), registers.valueAt(offset)]).toEqual([first, null]);
    registers.restate(offset, second);
    registers.revalue(offset, 'on');
    expect([registers.said(register), registers.value(register)]).toEqual([second, 'on']);
    expect([first.sharedBy, second.sharedBy]).toEqual([2, 1]);
  });
});

describe('the registers of an element', () => {
  it('are told with what they hold, those that each instance has first', () => {
    const registers = new Registers();
    expect(registers.isEmpty).toBe(true);
    registers.add(OTHER, true, said('2'));
    registers.add(REGISTER.state, 'on', said('1'));
    expect([...registers].map(([name, { value, clock }]) => [name, value, clock])).toEqual([
      [REGISTER.state, 'on', '1'],
      [OTHER, true, '2'],
    ]);
    expect(registers.isEmpty).toBe(false);
  });

  it('are picked by their family', () => {
    const registers = new Registers();
    expect(registers.family(REGISTER.volume)).toEqual([]);
    registers.add(OTHER, true, said('1'));
    registers.add(`${REGISTER.service}a`, null, said('1'));
    registers.add(`${REGISTER.volume}2`, false, said('1'));
    const volumes = registers.family(REGISTER.volume).map(([item, { value }]) => [item, value]);
    expect(volumes).toEqual([
      ['1', true],
      ['2', false],
    ]);
  });

  it('are none once they are cleared, and begin anew', () => {
    const registers = new Registers();
    registers.add(OTHER, true, said('1'));
    registers.add(REGISTER.state, 'on', said('1'));
    registers.clear();
    expect(registers.isEmpty).toBe(true);
    expect([...registers]).toEqual([]);
    registers.add(OTHER, false, said('2'));
    expect(registers.value(OTHER)).toBe(false);
    expect(registers.said(REGISTER.state)).toBeUndefined();
  });
});
