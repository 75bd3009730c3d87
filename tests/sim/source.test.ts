import { describe, expect, test } from 'vitest';
import { createSimulatedCloud } from '../../sim/index.ts';
import { createQueue } from '../../sim/source.ts';
import type { RawMessage, SourceEvent } from '../../streams/source.ts';

const bytes = (text: string) => Buffer.from(text);
const texts = (messages: readonly RawMessage[]) => messages.map(({ body }) => Buffer.from(body).toString());

describe('a source in this process', () => {
  test('emits no more than its window, and goes on as messages are acknowledged', () => {
    const queue = createQueue('sim', 2);
    for (const text of ['a', 'b', 'c', 'd']) queue.publish(bytes(text));
    const got: RawMessage[] = [];
    const subscription = queue.messages$.subscribe((message) => got.push(message));
    expect(texts(got)).toEqual(['a', 'b']);
    got[1]?.ack();
    expect(texts(got)).toEqual(['a', 'b', 'c']);
    got[1]?.ack();
    expect(texts(got)).toEqual(['a', 'b', 'c']);
    got[0]?.ack();
    expect(texts(got)).toEqual(['a', 'b', 'c', 'd']);
    subscription.unsubscribe();
  });

  test('gives what was not acknowledged to the next subscriber again, in order', () => {
    const queue = createQueue('sim', 3);
    for (const text of ['a', 'b', 'c', 'd']) queue.publish(bytes(text));
    const first: RawMessage[] = [];
    queue.messages$.subscribe((message) => first.push(message)).unsubscribe();
    const again: RawMessage[] = [];
    queue.messages$.subscribe((message) => {
      again.push(message);
      message.ack();
    });
    expect(texts(first)).toEqual(['a', 'b', 'c']);
    expect(texts(again)).toEqual(['a', 'b', 'c', 'd']);
    queue.publish(bytes('e'));
    expect(texts(again)).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  test('drops the oldest when nobody takes them, and tells of the gap', () => {
    const queue = createQueue('sim', 1);
    const events: SourceEvent[] = [];
    queue.events$.subscribe((event) => events.push(event));
    for (let i = 0; i < 100_001; i++) queue.publish(bytes(String(i)));
    expect(queue.waiting).toBe(100_000);
    expect(events.map(({ kind }) => kind)).toEqual(['gap']);
    const got: RawMessage[] = [];
    queue.messages$.subscribe((message) => got.push(message));
    expect(texts(got)).toEqual(['1']);
    expect(events.map(({ kind }) => kind)).toEqual(['gap', 'connected', 'caught-up']);
  });

  test('carries what the cloud sends from when it was made', () => {
    const cloud = createSimulatedCloud({ operationsPerSecond: 20 });
    cloud.advance(5);
    const source = cloud.source({ window: 10_000 });
    const got: RawMessage[] = [];
    source.messages$.subscribe((message) => {
      got.push(message);
      message.ack();
    });
    const sent: string[] = [];
    cloud.onEmission((emission) => sent.push(emission.messageId));
    cloud.advance(10);
    const ids = texts(got).map((body) => /\\"message_id\\": \\"([^\\]+)/.exec(body)?.[1]);
    expect(ids).toEqual(sent);
    expect(ids.length).toBeGreaterThan(100);
  });
});
