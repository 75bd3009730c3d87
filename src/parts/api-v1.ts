import { Catalog } from '../api/v1/catalog.ts';
import { serveV1 } from '../api/v1/plugin.ts';
import { isoSeconds } from '../api/v1/time.ts';
import type { Foundation } from '../foundation.ts';
import type { Part } from './part.ts';

/** What clients of Watcher know, under `/v1`. */
export function apiV1({ config, service, access }: Foundation): Part {
  const { max_page: maxLimit, own_goals: own } = config.api;
  const since = isoSeconds(Date.now());
  return {
    routes: (api) =>
      serveV1(api, { state: service, catalog: new Catalog(own), policy: access.policy, maxLimit, since }),
  };
}
