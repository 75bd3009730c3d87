import type { Strategy } from '../strategy.ts';
import { EXAMPLE_NUMBER, EXAMPLE_TEXT } from './dummy.ts';

export const dummyWithResize: Strategy = {
  name: 'dummy_with_resize',
  displayName: 'Dummy strategy with resize',
  goal: 'dummy',
  description: 'Plans a migration and a resize of instances that need not exist.',
  parameters: { properties: { para1: EXAMPLE_NUMBER, para2: EXAMPLE_TEXT } },
  needs: [],
  plan: null,
};
