import { EMPTY, Subject } from 'rxjs';
import type { SimulatedCloud } from '../../sim/index.ts';
import type { Desk } from '../../src/audits/desk.ts';
import type { Foundation } from '../../src/foundation.ts';
import { measuring } from '../../src/parts/measuring.ts';
import type { Part } from '../../src/parts/part.ts';
import { sla } from '../../src/parts/sla.ts';
import type { Simulation } from '../../src/simulated-cloud.ts';
import type { SlaEngine } from '../../src/sla/engine.ts';
import { type IncidentRecord, SLA_INCIDENT } from '../../src/sla/incident-record.ts';
import { LedgerCopy } from '../../src/sla/records.ts';
import type { RuleText } from '../../src/sla/rule-schema.ts';
import type { MetricBatch } from '../../streams/metrics/measurement.ts';
import { type Measuring, until } from '../src/plans/loop.ts';

/** Seconds between two measurements, and between two evaluations of rules. */
const MEASURED_EVERY = 5;
export const STEP = 15;

/** What is measured in a simulated cloud and the rules on it, by the clock of that cloud, which stands unless it is moved on. */
export interface VirtualTime extends Measuring {
  readonly engine: SlaEngine;
  incidents(): readonly IncidentRecord[];
  /** One evaluation later: what is measured until then is taken in, and what the evaluation asked for is written. */
  step(): Promise<void>;
  /** Moves the clock on to a time (milliseconds since 1970), measuring on the way, without any evaluation. */
  pass(until: number): void;
}

export async function virtualTime(
  cloud: SimulatedCloud,
  foundation: Foundation,
  desk: Desk,
  rules: readonly RuleText[],
): Promise<VirtualTime> {
  const now = (): number => cloud.now() / 1_000;
  const batches$ = new Subject<MetricBatch>();
  const metrics = { name: 'measured', kind: 'simulator', samples$: batches$, events$: EMPTY } as const;
  const simulations = [{ metrics, rules } as unknown as Simulation];
  const intake = await measuring({ ...foundation, simulations });
  const steps$ = new Subject<number>();
  const evaluating = await sla({ ...foundation, simulations }, intake.measuring, desk.book, { now, steps$ });
  const { engine } = evaluating;
  if (engine === null) throw new Error('nothing evaluates rules');
  const records = new LedgerCopy(foundation.service.store.ledger, [SLA_INCIDENT]);
  const looking: Part = { begin: async () => void (await records.open()) };
  const measure = (): void => {
    cloud.advance(MEASURED_EVERY);
    batches$.next({ measurements: cloud.measure(), done: () => undefined });
  };
  return {
    ...{ engine, parts: [intake, evaluating, looking], metrics: () => engine.metricsView(now()) },
    incidents: () => [...records.values<IncidentRecord>(SLA_INCIDENT)].map(([, incident]) => incident),
    step: async () => {
      for (let passed = 0; passed < STEP; passed += MEASURED_EVERY) measure();
      const { seconds: before } = engine.counts;
      steps$.next(now());
      await until(() => engine.counts.seconds > before);
    },
    pass: (time) => {
      while (cloud.now() < time) measure();
    },
  };
}
