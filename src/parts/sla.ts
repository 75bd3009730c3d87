import type { Observable } from 'rxjs';
import { metricTable } from '../../model/metrics/catalogue.ts';
import { stepTimes } from '../../streams/sla/steps.ts';
import { slaRoutes } from '../api/routes/sla/routes.ts';
import type { ActionPlan } from '../audits/action-plan.ts';
import type { Book } from '../audits/book.ts';
import { secondsNow } from '../clock.ts';
import { ownMetric } from '../config/schema/own-metrics.ts';
import type { Foundation } from '../foundation.ts';
import { Answerer, Inquirer, type Knowing } from '../inquiry.ts';
import type { MeasuringState } from '../metrics-sources/measuring-state.ts';
import { NOTICES } from '../notices.ts';
import { SlaEngine } from '../sla/engine.ts';
import { fixedRules } from '../sla/fixed-rules.ts';
import { type IncidentRecord, SLA_INCIDENT } from '../sla/incident-record.ts';
import { knowingBy, SLA_MATTER, type SlaQuestions } from '../sla/questions.ts';
import { LedgerCopy } from '../sla/records.ts';
import { hasRecovered } from '../sla/recovery.ts';
import { RecoveryWatch } from '../sla/recovery-watch.ts';
import { AuditRequests } from '../sla/requests.ts';
import { RuleBook } from '../sla/rule-book.ts';
import { measureRules } from '../sla/rule-metrics.ts';
import { SLA_KINDS } from '../sla/sla-records.ts';
import type { Part } from './part.ts';

const MIB = 1_048_576;

/** When rules are evaluated. */
export interface EvaluationClock {
  /** Seconds since 1970. */
  readonly now: () => number;
  readonly steps$: Observable<number>;
}

/**
 * Holds the rules and what became of them. Where something is measured (role `engine`) it evaluates them and asks for audits;
 * elsewhere it asks such a process how they stand. @throws VigilError when a rule is not valid
 */
export async function sla(
  { config, service, simulations, log, fail }: Foundation,
  measuring: MeasuringState | null,
  audits: Book,
  clock: EvaluationClock = { now: secondsNow, steps$: stepTimes(config.sla.step, secondsNow) },
): Promise<Part & { readonly engine: SlaEngine | null; readonly hasRecovered: (plan: ActionPlan) => boolean }> {
  const metrics = metricTable(config.metrics.own.map(ownMetric));
  const { step, retention, audits_per_hour: auditsPerHour, objective_scopes: objectiveScopes } = config.sla;
  const room = { series: config.metrics.max_series, bytes: config.sla.samples_memory * MIB };
  const { ledger } = service.store;
  const { model } = service;
  const records = new LedgerCopy(ledger, SLA_KINDS);
  const simulated = simulations.flatMap(({ rules }) => rules);
  const book = new RuleBook(await fixedRules(config.sla, simulated, metrics), records, metrics);
  const requests = new AuditRequests(records, audits, auditsPerHour);
  const held = { model, records, book, requests, log, now: clock.now };
  const engine = measuring === null ? null : new SlaEngine({ ...held, ledger, step, retention, room, objectiveScopes });
  const inquirer = new Inquirer<SlaQuestions>(ledger, SLA_MATTER);
  const knowing: Knowing<SlaQuestions> = engine === null ? inquirer : knowingBy({ engine, book, records, model });

  const evaluate = async (by: SlaEngine, measures: MeasuringState): Promise<void> => {
    service.noticed.push(() => {
      const { count, limit } = measures.series;
      return by.room.full || count >= limit ? [NOTICES.seriesRefused] : [];
    });
    await by.open();
    service.running.add(new RecoveryWatch(audits, records, log, Date.now).start());
    service.running.add(by.start(measures.samples$, clock.steps$, service.feed$));
    // The embedded store is this process's alone: nobody else could ask.
    if (config.store.kind === 'embedded') return;
    const { ended } = await new Answerer(ledger, SLA_MATTER, knowing, () => by.acts, log).open();
    void ended.catch(fail);
  };

  return {
    engine,
    hasRecovered: (plan) => {
      const incidents = [...records.values<IncidentRecord>(SLA_INCIDENT)].map(([, incident]) => incident);
      return hasRecovered(plan, incidents);
    },
    routes: (api) => slaRoutes(api, { ...held, audits, metrics, knowing }),
    measure: (registry) => {
      if (engine !== null) measureRules(registry, engine);
    },
    begin: async () => {
      const { ended } = await records.open();
      void ended.catch(fail);
      if (engine === null || measuring === null) void inquirer.open().ended.catch(fail);
      else await evaluate(engine, measuring);
    },
  };
}
