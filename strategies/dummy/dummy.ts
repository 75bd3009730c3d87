import { number, text } from '../json-schema.ts';
import type { Strategy } from '../strategy.ts';

/** Parameters that do nothing but be checked: also those of strategies like it. */
export const EXAMPLE_NUMBER = number('A number to try parameters with.', { default: 3.2, minimum: 1.0, maximum: 10.2 });
export const EXAMPLE_TEXT = text('A text to try parameters with.', { default: 'hello' });

const SECONDS_ASLEEP = 1.0;

/** Two messages and a pause, so that audits, plans and clients can be tried without touching anything. */
export const dummy: Strategy = {
  name: 'dummy',
  displayName: 'Dummy strategy',
  goal: 'dummy',
  description: 'Plans two log messages and a short sleep, whatever the cloud is like.',
  parameters: { properties: { para1: EXAMPLE_NUMBER, para2: EXAMPLE_TEXT } },
  needs: [],
  plan: ({ parameters }) => ({
    actions: [
      { type: 'nop', input: { message: 'hello World' }, reason: 'It is always the first action of this strategy.' },
      { type: 'nop', input: { message: parameters.para2 }, reason: 'It writes the parameter para2.' },
      { type: 'sleep', input: { duration: SECONDS_ASLEEP }, reason: 'It is always the last action of this strategy.' },
    ],
    indicators: [],
    globalEfficacy: [],
    rejected: [],
  }),
};
