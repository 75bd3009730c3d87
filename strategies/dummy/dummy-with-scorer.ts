import type { Strategy } from '../strategy.ts';
import { EXAMPLE_NUMBER, EXAMPLE_TEXT } from './dummy.ts';

export const dummyWithScorer: Strategy = {
  name: 'dummy_with_scorer',
  displayName: 'Dummy Strategy using sample Scoring Engines',
  goal: 'dummy',
  description: 'Asks the example scoring engines, and plans messages with what they answer.',
  parameters: { properties: { param1: EXAMPLE_NUMBER, param2: EXAMPLE_TEXT } },
  needs: [],
  plan: null,
};
