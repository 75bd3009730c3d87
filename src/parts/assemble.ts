import type { Evidence } from '../audits/answer.ts';
import { deskOn } from '../audits/desk.ts';
import { MovesSeen } from '../audits/moves-seen.ts';
import { secondsNow } from '../clock.ts';
import type { Foundation } from '../foundation.ts';
import { acting } from './acting.ts';
import { apiV1 } from './api-v1.ts';
import { askingIngest } from './asking-ingest.ts';
import { automating } from './automating.ts';
import { failSafeOf } from './fail-safe.ts';
import { forgetting } from './forgetting.ts';
import { keepingRecords } from './keeping-records.ts';
import { measuring, notMeasuring } from './measuring.ts';
import type { Part } from './part.ts';
import { planReasons } from './plan-reasons.ts';
import { previewing } from './previewing.ts';
import { reconciling } from './reconciling.ts';
import { sharingPasses } from './sharing-passes.ts';
import { simulatedLife } from './simulated-life.ts';
import { sla } from './sla.ts';
import { standing } from './standing.ts';
import { telling } from './telling.ts';

/** What this process does by its roles, in the order in which it is begun. A part that needs another is given it here. */
export async function assemble(foundation: Foundation): Promise<readonly Part[]> {
  const { config, roles } = foundation;
  const desk = deskOn(foundation.service.store.ledger, Date.now);
  const failSafe = failSafeOf(foundation, desk);
  let evidence: Evidence | null = null;
  // The embedded store is one process's alone.
  const sharing = roles.has('ingest') && config.store.kind !== 'embedded' ? sharingPasses(foundation) : null;
  const parts: Part[] = [standing(foundation, sharing?.passes ?? null), keepingRecords(foundation, desk)];
  if (roles.has('ingest')) {
    parts.push(simulatedLife(foundation), sharing?.part ?? reconciling(foundation), forgetting(foundation));
  } else {
    parts.push(askingIngest(foundation));
  }
  const measures = roles.has('engine') ? await measuring(foundation) : notMeasuring();
  if (roles.has('engine') || roles.has('api')) {
    const rules = await sla(foundation, measures.measuring, desk.book);
    parts.push(measures, rules);
    const { engine } = rules;
    if (engine !== null) {
      const known = { metrics: () => engine.metricsView(secondsNow()), history: new MovesSeen() };
      evidence = known;
      parts.push(acting(foundation, desk, failSafe, { ...known, hasRecovered: rules.hasRecovered }));
    }
  }
  if (roles.has('api')) {
    parts.push(apiV1(foundation, desk), planReasons(desk), automating(foundation, desk, failSafe));
    parts.push(previewing(foundation, desk, failSafe, evidence));
  }
  parts.push(telling(foundation));
  return parts;
}
