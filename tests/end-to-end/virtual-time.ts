import { EMPTY, Subject } from 'rxjs';
import { metricTable } from '../../model/metrics/catalogue.ts';
import type { SimulatedCloud } from '../../sim/index.ts';
import type { Desk } from '../../src/audits/desk.ts';
import type { Foundation } from '../../src/foundation.ts';
import { measuring } from '../../src/parts/measuring.ts';
import type { Part } from '../../src/parts/part.ts';
import type { Simulation } from '../../src/simulated-cloud.ts';
import { SlaEngine } from '../../src/sla/engine.ts';
import { fixedRules } from '../../src/sla/fixed-rules.ts';
import { LedgerCopy } from '../../src/sla/records.ts';
import { RecoveryWatch } from '../../src/sla/recovery-watch.ts';
import { RuleBook } from '../../src/sla/rule-book.ts';
import type { RuleText } from '../../src/sla/rule-schema.ts';
import { SLA_KINDS } from '../../src/sla/sla-records.ts';
import type { MetricBatch } from '../../streams/metrics/measurement.ts';
import { type Measuring, until } from '../src/plans/loop.ts';

/** Seconds between two measurements, and between two evaluations of rules. */
const MEASURED_EVERY = 5;
export const STEP = 15;

/** What is measured in a simulated cloud and the rules on it, by the clock of that cloud, which stands unless it is moved on. */
export interface VirtualTime extends Measuring {
  readonly engine: SlaEngine;
  readonly records: LedgerCopy;
  /** One evaluation later: what is measured until then is taken in, and what the evaluation asked for is written. */
  step(): Promise<void>;
  /** Moves the clock on to a time (milliseconds since 1970), measuring on the way, without any evaluation. */
  pass(until: number): void;
}

/** As `src/parts/sla.ts` puts it together, but for the clock. */
export async function virtualTime(
  cloud: SimulatedCloud,
  foundation: Foundation,
  desk: Desk,
  rules: readonly RuleText[],
): Promise<VirtualTime> {
  const { service, config, log } = foundation;
  const seconds = (): number => cloud.now() / 1_000;
  const batches$ = new Subject<MetricBatch>();
  const source = { name: 'measured', kind: 'simulator', samples$: batches$, events$: EMPTY } as const;
  const simulations = [{ metrics: source } as unknown as Simulation];
  const { measuring: taken, ...intake } = await measuring({ ...foundation, simulations });
  const metrics = metricTable([]);
  const { ledger } = service.store;
  const records = new LedgerCopy(ledger, SLA_KINDS);
  const book = new RuleBook(await fixedRules(config.sla, rules, metrics), records, metrics);
  const parts = { model: service.model, ledger, records, book, audits: desk.book, log, now: seconds };
  const engine = new SlaEngine({ ...parts, step: STEP, retention: 600, auditsPerHour: 60 });
  const steps$ = new Subject<number>();
  const evaluating: Part = {
    begin: async () => {
      await records.open();
      service.running.add(new RecoveryWatch(desk.book, records, log, Date.now).start());
      service.running.add(engine.start(taken.samples$, steps$, service.feed$));
    },
  };
  const measure = (): void => {
    cloud.advance(MEASURED_EVERY);
    batches$.next({ measurements: cloud.measure(), done: () => undefined });
  };
  return {
    ...{ engine, records, parts: [intake, evaluating], metrics: () => engine.metricsView(seconds()) },
    step: async () => {
      for (let passed = 0; passed < STEP; passed += MEASURED_EVERY) measure();
      const { seconds: before } = engine.counts;
      steps$.next(seconds());
      await until(() => engine.counts.seconds > before);
    },
    pass: (time) => {
      while (cloud.now() < time) measure();
    },
  };
}
