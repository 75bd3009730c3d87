import { number } from '../json-schema.ts';
import type { Strategy } from '../strategy.ts';
import { GRANULARITY, period } from '../windows.ts';

export const outletTemperature: Strategy = {
  name: 'outlet_temperature',
  displayName: 'Outlet temperature based strategy',
  goal: 'thermal_optimization',
  description: 'Moves an instance from the host with the hottest outlet to one that stays cool.',
  parameters: {
    properties: {
      threshold: number('The temperature of the outlet from which a host gives away, in °C.', { default: 35.0 }),
      period: period(30),
      granularity: GRANULARITY,
    },
  },
  needs: ['host_outlet_temperature'],
  plan: null,
};
