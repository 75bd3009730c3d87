import { describe, expect, it } from 'vitest';
import { deadLetter, deadLetterRecord } from '../../streams/dead-letter.ts';
import { UNDECODABLE, Undecodable, type UndecodableReason } from '../../streams/decode/undecodable.ts';
import type { Origin, RawMessage } from '../../streams/source.ts';
import { raw } from './messages.ts';

const wrong = new Undecodable('bad-field', 'host must be a text');

const ORIGINS: readonly (readonly [string, Origin])[] = [
  [
    'amqp nova/versioned_notifications.info',
    {
      transport: 'amqp',
      exchange: 'nova',
      routingKey: 'versioned_notifications.info',
      redelivered: true,
      properties: { headers: { secret: 1 } },
    },
  ],
  [
    'kafka versioned_notifications.info[3]@90071992547409931',
    {
      transport: 'kafka',
      topic: 'versioned_notifications.info',
      partition: 3,
      offset: '90071992547409931',
      timestamp: '1',
      key: null,
      headers: {},
    },
  ],
  ['a/file.jsonl:7', { transport: 'recording', file: 'a/file.jsonl', line: 7 }],
  ['simulator', { transport: 'simulator' }],
];

function from(origin: Origin, body: Uint8Array = Buffer.from('{}'), arrived = 1_790_000_000_000): RawMessage {
  return { ...raw(body), origin, arrived };
}

describe('a dead letter', () => {
  it.each(ORIGINS)('says where it came from: %s', (text, origin) => {
    expect(deadLetter(from(origin), wrong)).toEqual({
      reason: 'bad-field',
      detail: 'host must be a text',
      arrived: 1_790_000_000_000,
      origin: text,
      bytes: 2,
      sha256: '44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a',
      body: '{}',
    });
  });

  it('has one of the reasons that are explained', () => {
    for (const reason of Object.keys(UNDECODABLE) as UndecodableReason[]) {
      expect(deadLetter(raw(Buffer.from('')), new Undecodable(reason, 'x')).reason).toBe(reason);
      expect(UNDECODABLE[reason]).toMatch(/\w/);
    }
  });

  it('keeps the beginning of a large body, and its size', () => {
    const body = Buffer.from('ü'.repeat(100_000));
    const letter = deadLetter(raw(body), wrong);
    expect(letter.bytes).toBe(200_000);
    expect(letter.body).toBe('ü'.repeat(8_192));
    const odd = deadLetter(raw(Buffer.concat([Buffer.from('x'), body])), wrong);
    expect(odd.body).toBe(`x${'ü'.repeat(8_191)}\ufffd`);
  });

  it('keeps what is not text as near as text can be', () => {
    expect(deadLetter(raw(Buffer.from([0x61, 0xff, 0x62])), wrong).body).toBe('a\ufffdb');
  });
});

describe('the record of a dead letter', () => {
  const idOf = (message: RawMessage): string => deadLetterRecord(deadLetter(message, wrong)).id;
  const origin: Origin = { transport: 'simulator' };

  it('holds all of it', () => {
    const letter = deadLetter(from(origin), wrong);
    expect(deadLetterRecord(letter).value).toEqual(letter);
  });

  it('sorts by the time of arrival', () => {
    const times = [0, 9, 10, 999, 1_790_000_000_000, 1_790_000_000_001, 9_999_999_999_999];
    const ids = times.map((arrived) => idOf(from(origin, Buffer.from('x'), arrived)));
    expect([...ids].sort()).toEqual(ids);
  });

  it('is another one for another body, place or size, also in the same millisecond', () => {
    const long = (last: string): Buffer => Buffer.from(`${'x'.repeat(100_000)}${last}`);
    const messages = [
      from(origin, Buffer.from('a')),
      from(origin, Buffer.from('b')),
      from({ transport: 'recording', file: 'f', line: 1 }, Buffer.from('a')),
      from({ transport: 'recording', file: 'f', line: 2 }, Buffer.from('a')),
      from(origin, long('a')),
      from(origin, long('b')),
      from(origin, long('ab')),
    ];
    expect(new Set(messages.map(idOf)).size).toBe(messages.length);
  });

  it('is the same for the same message, so that writing it twice keeps one', () => {
    expect(idOf(from(origin, Buffer.from('a')))).toBe(idOf(from(origin, Buffer.from('a'))));
  });
});
