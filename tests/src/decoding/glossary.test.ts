import { describe, expect, it } from 'vitest';
import { Glossary } from '../../../src/decoding/glossary.ts';
import { ContentReader, ContentWriter } from '../../../src/decoding/wire.ts';
import type { Content } from '../../../streams/decoded.ts';

const FULL = 65_536;
const CAUSE = { event: 'instance.update', id: 'message', publisher: 'nova-compute:host', time: 1 };

function content(register: string, value: string, n = 0): Content {
  const facts = [{ element: `instance/${n}`, register, clock: '1', value, cause: CAUSE } as const];
  return { event: CAUSE.event, publisher: CAUSE.publisher, facts, cut: false };
}

const factOf = (read: ReturnType<ContentReader['read']>[number] | undefined) => (read as Content).facts[0];

describe('the glossary', () => {
  it('numbers what is told from 0, and gives the same the same number', () => {
    const glossary = new Glossary();
    expect([glossary.name('a'), glossary.claimed('zone', 'a'), glossary.claimed('power', 'a')]).toEqual([0, 1, 2]);
    expect([glossary.name('a'), glossary.claimed('zone', 'a'), glossary.claimed('power', 'a')]).toEqual([0, 1, 2]);
    expect(glossary.takeNew()).toEqual(['a', ['zone', 'a'], ['power', 'a']]);
    expect(glossary.takeNew()).toEqual([]);
  });

  it('has no entry for what is of one element alone, and for what is long', () => {
    const glossary = new Glossary();
    const long = 'x'.repeat(513);
    expect(glossary.claimed('identity', 'a')).toEqual(['identity', 'a']);
    expect(glossary.claimed('metadata', long)).toEqual(['metadata', long]);
    expect(glossary.claimed('volumes', ['id'])).toEqual(['volumes', ['id']]);
    expect(glossary.name(long)).toBe(long);
    expect(glossary.takeNew()).toEqual([]);
  });

  it('has an entry for having no volumes', () => {
    const glossary = new Glossary();
    expect([glossary.claimed('volumes', []), glossary.claimed('volumes', [])]).toEqual([0, 0]);
  });

  it('begins anew once it is full, and is understood all the same', () => {
    const [writer, reader] = [new ContentWriter(), new ContentReader()];
    const many = Array.from({ length: FULL }, (_, n) => content('zone', `zone-${n}`, n));
    for (let round = 0; round < 3; round++) {
      expect(reader.read(writer.write(many))).toEqual(many);
      expect(reader.read(writer.write([content('zone', 'zone-7')]))).toEqual([content('zone', 'zone-7')]);
    }
  });

  it('makes one object of what several elements have in common', () => {
    const [writer, reader] = [new ContentWriter(), new ContentReader()];
    const told = (n: number): Content => {
      const one = content('zone', '', n);
      return { ...one, facts: one.facts.map((fact) => ({ ...fact, value: { host: 'h', node: null } })) };
    };
    const [first] = reader.read(writer.write([told(1)]));
    const [second] = reader.read(writer.write([told(2)]));
    expect(factOf(second)).toMatchObject({ element: 'instance/2', value: { host: 'h', node: null } });
    expect(factOf(second)?.value).toBe(factOf(first)?.value);
  });
});
