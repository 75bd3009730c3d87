import { number } from '../json-schema.ts';
import type { Strategy } from '../strategy.ts';
import { GRANULARITY, period } from '../windows.ts';

export const uniformAirflow: Strategy = {
  name: 'uniform_airflow',
  displayName: 'Uniform airflow migration strategy',
  goal: 'airflow_optimization',
  description: 'Moves instances away from hosts through which too much air flows.',
  parameters: {
    properties: {
      threshold_airflow: number('The airflow from which a host gives away, in tenths of CFM.', { default: 400.0 }),
      threshold_inlet_t: number('Below this inlet temperature (°C) and the power all instances are moved, else one.', {
        default: 28.0,
      }),
      threshold_power: number('Power in watt, see threshold_inlet_t.', { default: 350.0 }),
      period: period(300),
      granularity: GRANULARITY,
    },
  },
  needs: ['host_airflow', 'host_inlet_temperature', 'host_power'],
  plan: null,
};
