import { previewRoute } from '../api/routes/preview.ts';
import { answerFinder, type Evidence } from '../audits/answer.ts';
import type { Desk } from '../audits/desk.ts';
import type { Foundation } from '../foundation.ts';
import type { FailSafe } from '../plans/fail-safe.ts';
import type { Part } from './part.ts';

/** A process without the role `engine` measures nothing. */
const NOTHING: Evidence = {
  metrics: () => ({ mean: () => null, series: () => [] }),
  history: { lastMove: () => null },
};

/** Answers what audits would come to. */
export function previewing(
  { config, service }: Foundation,
  { templates }: Desk,
  failSafe: FailSafe,
  evidence: Evidence | null,
): Part {
  const answer = answerFinder({
    model: service.model,
    ...(evidence ?? NOTHING),
    now: Date.now,
    movesPerPlan: config.limits.moves_per_plan,
    emptiesOfExcluded: config.engine.maintenance_moves_excluded,
    distrust: () => {
      const doubts = failSafe.distrust();
      return evidence === null ? [...doubts, 'this process, without the role engine, measures nothing'] : doubts;
    },
  });
  return { routes: (api) => previewRoute(api, service, answer, templates) };
}
