import { metricTable } from '../../model/metrics/catalogue.ts';
import { stepTimes } from '../../streams/sla/steps.ts';
import { slaRoutes } from '../api/routes/sla/routes.ts';
import type { Book } from '../audits/book.ts';
import { secondsNow } from '../clock.ts';
import { ownMetric } from '../config/schema/own-metrics.ts';
import type { Foundation } from '../foundation.ts';
import type { MeasuringState } from '../metrics-sources/measuring-state.ts';
import { SlaEngine } from '../sla/engine.ts';
import { fixedRules } from '../sla/fixed-rules.ts';
import { LedgerCopy } from '../sla/records.ts';
import { RecoveryWatch } from '../sla/recovery-watch.ts';
import { RuleBook } from '../sla/rule-book.ts';
import { measureRules } from '../sla/rule-metrics.ts';
import { SLA_KINDS } from '../sla/sla-records.ts';
import type { Part } from './part.ts';

/** Evaluates rules on what is measured, and asks for audits. @throws VigilError when a rule is not valid */
export async function sla(
  { config, service, simulations, log, fail }: Foundation,
  measuring: MeasuringState,
  audits: Book,
): Promise<Part & { readonly engine: SlaEngine }> {
  const metrics = metricTable(config.metrics.own.map(ownMetric));
  const { step, retention, audits_per_hour: auditsPerHour } = config.sla;
  const { ledger } = service.store;
  const records = new LedgerCopy(ledger, SLA_KINDS);
  const simulated = simulations.flatMap(({ rules }) => rules);
  const book = new RuleBook(await fixedRules(config.sla, simulated, metrics), records, metrics);
  const limits = { step, retention, auditsPerHour };
  const parts = { model: service.model, ledger, records, book, audits, log, now: secondsNow };
  const engine = new SlaEngine({ ...parts, ...limits });
  return {
    engine,
    routes: (api) => slaRoutes(api, { engine, book, records, metrics, model: service.model }),
    measure: (registry) => measureRules(registry, engine),
    begin: async () => {
      const { ended } = await records.open();
      void ended.catch(fail);
      service.running.add(new RecoveryWatch(audits, records, log, Date.now).start());
      service.running.add(engine.start(measuring.samples$, stepTimes(step, secondsNow), service.feed$));
    },
  };
}
