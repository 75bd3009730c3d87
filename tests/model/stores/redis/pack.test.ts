import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ElementKey } from '../../../../model/element.ts';
import type { Fact } from '../../../../model/fact.ts';
import {
  CLOCK_LENGTH,
  packFacts,
  packForgotten,
  packName,
  unpackChange,
  unpackName,
} from '../../../../model/stores/redis/pack.ts';
import { HOSTILE_TEXTS } from '../arbitrary.ts';
import { clockAt, fact } from '../facts.ts';

const anyText = fc.oneof(fc.constantFrom(...HOSTILE_TEXTS), fc.string({ unit: 'binary' }), fc.string());

describe('a packed name', () => {
  it('comes back as it was, and holds nothing that parts names', () => {
    fc.assert(
      fc.property(anyText, (name) => {
        const packed = packName(name);
        expect(unpackName(packed)).toBe(name);
        expect(packed).not.toMatch(/\p{Cc}/u);
        expect(Buffer.from(packed).toString()).toBe(packed);
      }),
    );
  });

  it('is never that of another name, nor of the field that is no register', () => {
    fc.assert(fc.property(anyText, anyText, (a, b) => (packName(a) === packName(b)) === (a === b)));
    fc.assert(fc.property(anyText, (name) => packName(name) !== '%head'));
  });
});

describe('packed facts', () => {
  it('are lines of element, groups, stamp, registers and values', () => {
    const facts = [fact('host/a', 'x', 5, { up: true }), fact('host/a', 'y\n', 5, null), fact('host/a', 'z', 6, '\n')];
    const [batch] = packFacts(facts);
    expect(batch).toEqual({
      facts: 3,
      text: [
        'host/a',
        '2',
        `${clockAt(5)}["instance.update","message-5","nova-compute:host1"]`,
        'x\ty%000a\t',
        '{"up":true}',
        'null',
        `${clockAt(6)}["instance.update","message-6","nova-compute:host1"]`,
        'z\t',
        '"\\n"',
        '',
      ].join('\n'),
    });
  });

  it('share a group when they share clock and cause, wherever they stand', () => {
    const facts = ['a', 'b', 'c', 'd'].map((register, i) => fact('host/a', register, i % 2, i));
    expect(packFacts(facts)[0]?.text.split('\n')[1]).toBe('2');
  });

  it('say the time of a cause only when it is not the clock`s', () => {
    const told = fact('host/a', 'x', 5, 1);
    const [batch] = packFacts([{ ...told, cause: { ...told.cause, time: 7 } }]);
    expect(batch?.text).toContain('["instance.update","message-5","nova-compute:host1",7]');
  });

  it('are folded: of one register the greatest clock', () => {
    const [batch] = packFacts([
      fact('host/a', 'x', 5, 'old'),
      fact('host/a', 'x', 6, 'new'),
      fact('host/a', 'x', 4, 'older'),
    ]);
    expect(batch?.facts).toBe(1);
    expect(batch?.text).toContain('"new"');
  });

  it('are parted into batches of bounded size, an element never', () => {
    const many = Array.from({ length: 5_000 }, (_, i) => fact(`instance/${i >> 1}`, `r${i % 2}`, i, i));
    const large = Array.from({ length: 100 }, (_, i) => fact(`host/${i}`, 'x', i, 'x'.repeat(10_000)));
    const group = Array.from({ length: 3_500 }, (_, i) => fact('server_group/g', `member:${i}`, i, true));
    const batches = packFacts([...many, ...large, ...group]);
    expect(batches.reduce((sum, batch) => sum + batch.facts, 0)).toBe(8_600);
    const seen = new Set<string>();
    for (const { text, facts } of batches) {
      if (!text.startsWith('server_group/g\n')) {
        expect(facts).toBeLessThanOrEqual(1_000);
        expect(text.length).toBeLessThanOrEqual(256 * 1024);
      }
      const elements = new Set(text.match(/^(instance|host|server_group)\/.*$/gm));
      for (const element of elements) expect(seen.has(element)).toBe(false);
      for (const element of elements) seen.add(element);
    }
    expect(seen.size).toBe(2_601);
  });

  it('need a value and a clock of the fixed width', () => {
    const told = fact('host/a', 'x', 5, 1);
    expect(() => packFacts([{ ...told, value: undefined }])).toThrow(/x of host\/a has no value/);
    expect(() => packFacts([{ ...told, clock: '5' }])).toThrow(/not a clock: 5/);
    expect(clockAt(5)).toHaveLength(CLOCK_LENGTH);
  });
});

describe('packed elements to forget', () => {
  it('are names with no groups, in batches of bounded size', () => {
    expect(packForgotten(['host/a\n', 'instance/b'])).toEqual([{ facts: 0, text: 'host/a%000a\n0\ninstance/b\n0\n' }]);
    const elements = Array.from({ length: 2_500 }, (_, i): ElementKey => `instance/${i}`);
    expect(packForgotten(elements)).toHaveLength(3);
  });
});

describe('a packed change', () => {
  const stamp = (time: number): string => `${clockAt(time)}["instance.update","message-${time}","nova-compute:host1"]`;

  it('is read with its facts, those without a line`s text being unchanged', () => {
    const text = `host/a%000a\n7-1\n${stamp(5)}\nx\t\ty\t\n1\n\n"two"\n${stamp(6)}\nz\t\nnull\n`;
    const facts: Fact[] = [
      fact('host/a\n', 'x', 5, 1),
      { ...fact('host/a\n', '', 5, null), value: undefined },
      fact('host/a\n', 'y', 5, 'two'),
      fact('host/a\n', 'z', 6, null),
    ];
    expect(unpackChange('7-2', text)).toEqual({ revision: '7-2', element: 'host/a\n', previous: '7-1', facts });
  });

  it('without facts is that of a forgotten element', () => {
    expect(unpackChange('7-2', 'host/a\n7-1\n')).toEqual({
      revision: '7-2',
      element: 'host/a',
      previous: '7-1',
      facts: [],
    });
  });

  it('without a revision before is the first of its element', () => {
    expect(unpackChange('7-1', `host/a\n\n${stamp(5)}\nx\t\n1\n`).previous).toBeNull();
  });

  it('that was cut off is refused', () => {
    expect(() => unpackChange('7-2', `host/a\n7-1\n${stamp(5)}\nx\ty\t\n1`)).toThrow(/ends in line/);
  });
});
