import type { Strategy } from '../strategy.ts';

/** Nothing is planned: that the model is refreshed before it is looked at is all that is asked for. */
export const refresh: Strategy = {
  name: 'refresh',
  displayName: 'Refresh of the model',
  goal: 'model_refresh',
  description: 'Plans nothing. An audit of it reads the cloud anew, and that is all.',
  parameters: { type: 'object', properties: {}, additionalProperties: false },
  needs: [],
  plan: () => ({ actions: [], indicators: [], globalEfficacy: [], rejected: [] }),
};
