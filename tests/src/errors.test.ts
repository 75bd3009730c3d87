import { describe, expect, it } from 'vitest';
import { ERRORS, VigilError } from '../../src/errors.ts';

describe('an error', () => {
  it('is told as a code, a sentence and what to do', () => {
    const error = new VigilError('host-not-found', { id: 'h1' });
    expect(error.status).toBe(404);
    expect(error.toBody()).toEqual({
      error: {
        code: 'host-not-found',
        message: 'No host h1 is known.',
        what_to_do: expect.stringContaining('/model/hosts'),
      },
    });
  });

  it('repeats of what was sent only the beginning', () => {
    expect(new VigilError('host-not-found', { id: 'x'.repeat(10_000) }).message.length).toBeLessThan(400);
  });

  it.each(Object.entries(ERRORS))('%s says what is wrong and what to do', (_, { message, whatToDo }) => {
    expect(message).toMatch(/^([A-Z]|\{\w+\}.* )/); // a sentence, which may begin with what it is about
    expect(whatToDo.length).toBeGreaterThan(10);
  });
});
