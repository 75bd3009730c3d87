import { Catalog } from '../api/v1/catalog.ts';
import type { V1 } from '../api/v1/context.ts';
import { serveV1 } from '../api/v1/plugin.ts';
import { isoSeconds } from '../api/v1/times.ts';
import type { Desk } from '../audits/desk.ts';
import { compileScope } from '../audits/scope/compile.ts';
import type { Foundation } from '../foundation.ts';
import type { Part } from './part.ts';

/** What clients of Watcher know, under `/v1`. */
export function apiV1({ config, service, access }: Foundation, desk: Desk): Part {
  const { max_page: maxLimit, own_goals: own } = config.api;
  const since = isoSeconds(Date.now());
  const v1: V1 = {
    state: service,
    catalog: new Catalog(own),
    desk,
    policy: access.policy,
    maxLimit,
    scopeOf: (scope) => compileScope(scope, service.model),
    now: Date.now,
    since,
  };
  return { routes: (api) => serveV1(api, v1) };
}
