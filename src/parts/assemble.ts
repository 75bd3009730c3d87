import { deskOn } from '../audits/desk.ts';
import { NO_METRICS } from '../audits/no-metrics.ts';
import type { Foundation } from '../foundation.ts';
import { acting } from './acting.ts';
import { apiV1 } from './api-v1.ts';
import { automating } from './automating.ts';
import { failSafeOf } from './fail-safe.ts';
import { forgetting } from './forgetting.ts';
import { keepingRecords } from './keeping-records.ts';
import { measuring } from './measuring.ts';
import type { Part } from './part.ts';
import { planReasons } from './plan-reasons.ts';
import { reconciling } from './reconciling.ts';
import { simulatedLife } from './simulated-life.ts';

/** What this process does by its roles, in the order in which it is begun. A part that needs another is given it here. */
export async function assemble(foundation: Foundation): Promise<readonly Part[]> {
  const { roles } = foundation;
  const desk = deskOn(foundation.service.store.ledger, Date.now);
  const failSafe = failSafeOf(foundation, desk);
  const parts: Part[] = [keepingRecords(foundation, desk)];
  if (roles.has('ingest')) {
    parts.push(simulatedLife(foundation), reconciling(foundation), forgetting(foundation));
  }
  if (roles.has('engine')) parts.push(await measuring(foundation));
  if (roles.has('engine')) parts.push(acting(foundation, desk, failSafe, () => NO_METRICS));
  if (roles.has('api')) parts.push(apiV1(foundation, desk), planReasons(desk), automating(desk, failSafe));
  return parts;
}
