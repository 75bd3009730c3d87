import type { Api } from '../route.ts';
import { catalogueRoute } from './catalogue.ts';
import type { SlaContext } from './context.ts';
import { incidentsRoute } from './incidents.ts';
import { objectivesRoute } from './objectives.ts';
import { changeRulesRoutes, rulesRoutes } from './rules.ts';
import { seriesRoute } from './series.ts';
import { silencesRoutes } from './silences.ts';
import { testFireRoute } from './test-fire.ts';
import { whyRoute } from './why.ts';

/** Everything below /sla but the samples. */
export function slaRoutes(api: Api, context: SlaContext): void {
  for (const route of ROUTES) route(api, context);
}

const ROUTES = [
  catalogueRoute,
  rulesRoutes,
  changeRulesRoutes,
  seriesRoute,
  objectivesRoute,
  whyRoute,
  testFireRoute,
  incidentsRoute,
  silencesRoutes,
];
