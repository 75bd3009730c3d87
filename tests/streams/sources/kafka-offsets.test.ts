import { describe, expect, test } from 'vitest';
import { type PartitionOffsets, planStarts } from '../../../streams/sources/kafka-offsets.ts';

const NONE: ReadonlySet<string> = new Set();

/** Partition 0 of a topic that holds offsets 100 to 199. */
function held(topic: string, committed: number): PartitionOffsets {
  return { topic, partition: 0, committed: BigInt(committed), low: 100n, high: 200n };
}

function startOf(committed: number, awaited = NONE): unknown {
  // Another topic makes the group a known one.
  const [start] = planStarts([held('info', committed), held('error', 150)], 'g', awaited);
  return start;
}

describe('a known group begins', () => {
  test.each([100, 150, 200])('at its committed offset %i, where that is kept', (committed) => {
    expect(startOf(committed)).toEqual({
      topic: 'info',
      partition: 0,
      offset: BigInt(committed),
      end: 200n,
      moved: false,
    });
  });

  test.each([
    [40, 'info[0]: offsets 40 to 99 were thrown away before they were read'],
    [201, 'info[0]: it ends at 200, before the committed offset 201, so it was begun anew'],
    [-2, 'info[0]: the committed offset was out of range'],
    [-1, 'info[0]: the group has committed no offset, and reads what is kept'],
  ])('at what is kept when it committed %i, and tells why', (committed, gap) => {
    expect(startOf(committed)).toEqual({ topic: 'info', partition: 0, offset: 100n, end: 200n, moved: true, gap });
  });

  test('at the beginning of a topic that it saw come, without a gap', () => {
    const start = startOf(-1, new Set(['info']));
    expect(start).toEqual({ topic: 'info', partition: 0, offset: 100n, end: 200n, moved: true });
  });
});

test('a new group begins at the end, and tells why', () => {
  const starts = planStarts([held('info', -1), held('error', -1)], 'vigil.west', NONE);
  expect(starts).toMatchObject([
    { topic: 'info', offset: 200n, moved: true, gap: 'the consumer group vigil.west is new, and begins at the end' },
    { topic: 'error', offset: 200n, moved: true },
  ]);
});
