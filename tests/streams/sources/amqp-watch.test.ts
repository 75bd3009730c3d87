import { beforeEach, describe, expect, test } from 'vitest';
import type { SourceEvent } from '../../../streams/source.ts';
import { amqpSettings } from '../../../streams/sources/amqp-options.ts';
import type { QueueState } from '../../../streams/sources/amqp-queue.ts';
import { QueueWatch } from '../../../streams/sources/amqp-watch.ts';

const SETTINGS = amqpSettings({
  cloud: 'west',
  urls: ['amqp://rabbit'],
  exchanges: ['nova', 'cell2'],
  window: 10,
  queue: { maxLength: 100 },
});

let said: SourceEvent[];
let watch: QueueWatch;

beforeEach(() => {
  said = [];
  watch = new QueueWatch(SETTINGS, 'rabbit', (event) => said.push(event));
});

function state(found: Partial<QueueState> = {}): QueueState {
  return { created: false, waiting: 0, absent: [], ...found };
}

/** The kinds of what was said since the last time. */
function kinds(): string[] {
  return said.splice(0).map(({ kind }) => kind);
}

describe('what is known of the queue at the beginning', () => {
  test('there, bound and empty: connected and caught up', () => {
    watch.opened(state(), false);
    expect(kinds()).toEqual(['connected', 'caught-up']);
  });

  test.each([
    ['created', state({ created: true }), false],
    ['found again after the connection was cut', state(), true],
    ['within a window of its limit', state({ waiting: 90 }), false],
  ])('%s: a gap, before it can be caught up', (_what, found, again) => {
    watch.opened(found, again);
    watch.acknowledged(90);
    expect(kinds()).toEqual(['connected', 'gap', 'caught-up']);
  });

  test('several reasons are one gap', () => {
    watch.opened(state({ created: true }), true);
    expect(said.filter(({ kind }) => kind === 'gap')).toHaveLength(1);
    expect(said[1]?.detail).toMatch(/has been created.*; .*was cut/);
  });

  test('with messages waiting: caught up once so many are acknowledged', () => {
    watch.opened(state({ waiting: 5 }), false);
    watch.acknowledged(4);
    expect(kinds()).toEqual(['connected']);
    watch.acknowledged(5);
    watch.acknowledged(6);
    expect(kinds()).toEqual(['caught-up']);
  });

  test('with an exchange absent: waiting, and not caught up', () => {
    watch.opened(state({ absent: ['cell2'] }), false);
    expect(said).toEqual([{ kind: 'waiting', detail: expect.stringContaining('no exchange cell2') }]);
    expect(watch.complete).toBe(false);
  });
});

describe('what is found out later', () => {
  test('nothing new: nothing is said', () => {
    watch.opened(state(), false);
    kinds();
    watch.checked(state({ waiting: 3 }));
    expect(kinds()).toEqual([]);
  });

  test('exchanges that come: a gap each, connected with the last', () => {
    watch.opened(state({ absent: ['nova', 'cell2'] }), false);
    kinds();
    watch.checked(state({ absent: ['cell2'] }));
    expect(kinds()).toEqual(['gap']);
    watch.checked(state());
    expect(kinds()).toEqual(['connected', 'gap', 'caught-up']);
  });

  test('an exchange that is gone: waiting', () => {
    watch.opened(state(), false);
    kinds();
    watch.checked(state({ absent: ['nova'] }));
    watch.checked(state({ absent: ['nova'] }));
    expect(kinds()).toEqual(['waiting']);
  });

  test('a queue that had to be created anew: a gap', () => {
    watch.opened(state(), false);
    kinds();
    watch.checked(state({ created: true }));
    expect(said).toEqual([{ kind: 'gap', detail: expect.stringContaining('was not there and has been created') }]);
  });

  test('a queue that runs full: a gap when it does, and one when it no longer is', () => {
    watch.opened(state(), false);
    kinds();
    for (const waiting of [89, 90, 100, 95, 89, 0]) watch.checked(state({ waiting }));
    expect(said.map(({ detail }) => detail)).toEqual([
      expect.stringContaining('holds 90 messages, its limit is 100'),
      expect.stringContaining('no longer full'),
    ]);
  });

  test('an empty queue, though less was acknowledged than waited: another member took the rest', () => {
    watch.opened(state({ waiting: 50 }), false);
    watch.delivered(30);
    watch.acknowledged(30);
    watch.checked(state({ waiting: 1 }));
    expect(kinds()).toEqual(['connected']);
    watch.checked(state({ waiting: 0 }));
    expect(kinds()).toEqual(['caught-up']);
  });

  test('an empty queue whose last messages we still work on: not caught up until they are acknowledged', () => {
    watch.opened(state({ waiting: 50 }), false);
    watch.delivered(50);
    watch.acknowledged(20);
    watch.checked(state({ waiting: 0 }));
    expect(kinds()).toEqual(['connected']);
    watch.acknowledged(50);
    expect(kinds()).toEqual(['caught-up']);
  });
});
