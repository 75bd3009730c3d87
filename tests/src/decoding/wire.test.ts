import { describe, expect, it } from 'vitest';
import { ContentReader, ContentWriter } from '../../../src/decoding/wire.ts';
import { Undecodable } from '../../../streams/decode/undecodable.ts';
import { readBody } from '../../../streams/decoded.ts';
import { bodies, changed, type Data, envelope, messageOf, oneOfEach } from '../../streams/messages.ts';
import { AFTERWARDS } from '../../streams/replayed.ts';

type Read = ReturnType<typeof readBody>;
const sent = (read: readonly Read[]): Read[] => new ContentReader().read(new ContentWriter().write(read));
const there = (read: Read): unknown => sent([read])[0];

describe('what a body tells, sent from thread to thread', () => {
  it('is what was sent, of every recorded message', () => {
    const read = bodies.map((body) => readBody(body, AFTERWARDS));
    expect(sent(read)).toEqual(read);
  });

  it('has one cause for all its facts, as it had before', () => {
    for (const body of oneOfEach().values()) {
      const content = there(readBody(body, AFTERWARDS));
      if (content instanceof Undecodable) throw content;
      const { facts } = content as Exclude<ReturnType<typeof readBody>, Undecodable>;
      expect(new Set(facts.map(({ cause }) => cause)).size).toBeLessThanOrEqual(1);
    }
  });

  it('says that a clock was cut', () => {
    const body = oneOfEach().get('instance.update') ?? Buffer.alloc(0);
    expect(there(readBody(body, 0))).toMatchObject({ event: 'instance.update', cut: true });
  });

  it('says why a body cannot be used', () => {
    const refused = there(readBody(Buffer.from('{"oslo.message": "'), AFTERWARDS));
    expect(refused).toBeInstanceOf(Undecodable);
    expect(refused).toMatchObject({ reason: 'not-json', message: expect.stringContaining('body: ') });
  });

  it('keeps names and texts as odd as they may be', () => {
    const odd = JSON.parse('{"__proto__": "x", "constructor": "\\ud800", "ü": "\\u2028"}') as Data;
    const update = messageOf(oneOfEach().get('instance.update') ?? Buffer.alloc(0));
    const read = readBody(envelope(changed(update, { metadata: odd })), AFTERWARDS);
    expect(there(read)).toEqual(read);
    expect(JSON.stringify(there(read))).toContain('__proto__');
  });
});
