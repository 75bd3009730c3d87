import { describe, expect, it } from 'vitest';
import { PassedMemory } from '../../../src/decoding/passed-memory.ts';

const MIB = 1024 * 1024;

// Compared by ===, since a matcher looks at a million bytes to say how far two arrays are the same.

describe('memory that is passed to and fro', () => {
  it('is used again', () => {
    const memory = new PassedMemory();
    const taken = memory.take(1);
    memory.give(taken);
    expect(memory.take(MIB) === taken).toBe(true);
  });

  it('is of its own for each that has it at the same time', () => {
    const memory = new PassedMemory();
    const taken = memory.take(1);
    expect(memory.take(1) === taken).toBe(false);
  });

  it('is large enough', () => {
    const memory = new PassedMemory();
    memory.give(memory.take(1));
    expect(memory.take(MIB + 1).length).toBeGreaterThan(MIB);
  });

  it('grows instead of becoming more, so that batches of all sizes leave no more of it than were under way', () => {
    const memory = new PassedMemory();
    const small = memory.take(1);
    memory.give(small);
    const large = memory.take(MIB + 1);
    memory.give(large);
    expect(memory.take(1) === large).toBe(true);
    expect(memory.take(1) === small).toBe(false);
  });

  it('is let go after a single message that is larger than any batch', () => {
    const memory = new PassedMemory();
    memory.give(memory.take(9 * MIB));
    expect(memory.take(1).length).toBe(MIB);
  });
});
