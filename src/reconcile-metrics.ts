import { Counter, Gauge, type Registry } from 'prom-client';
import { PASS_KINDS } from './reconcile/collector.ts';
import type { ReconcileControl } from './reconcile/control.ts';
import type { PassReport } from './reconcile/report.ts';
import type { ServiceState } from './service-state.ts';

type Values = Iterable<readonly [labels: Readonly<Record<string, string>>, value: number]>;

interface Meter {
  readonly name: string;
  readonly help: string;
  readonly labels: readonly string[];
  readonly read: (reconcile: ReconcileControl) => Values;
}

const COUNTERS: readonly Meter[] = [
  {
    name: 'vigil_drift_total',
    help: 'Corrections by the cloud’s APIs, by register and by what had told the wrong value',
    labels: ['register', 'cause'],
    read: (it) => it.drift().counts.map(({ register, cause, count }) => [{ register, cause }, count] as const),
  },
  {
    name: 'vigil_drift_early_total',
    help: 'Readings that were ahead of notifications by moments',
    labels: [],
    read: (it) => [[{}, it.drift().early]],
  },
  {
    name: 'vigil_passes_total',
    help: 'Passes over the cloud’s APIs that ended',
    labels: ['kind', 'complete'],
    read: (it) => {
      const { ended } = it.status();
      return PASS_KINDS.flatMap((kind) => [
        [{ kind, complete: 'true' }, ended[kind].complete] as const,
        [{ kind, complete: 'false' }, ended[kind].incomplete] as const,
      ]);
    },
  },
];

const MILLIS_PER_SECOND = 1_000;

const GAUGES: readonly Meter[] = [
  ofLastPass(
    'vigil_pass_start_seconds',
    'When the last pass began, since 1970',
    (it) => it.startedAt / MILLIS_PER_SECOND,
  ),
  ofLastPass('vigil_pass_duration_seconds', 'How long the last pass took', (it) => it.durationSeconds),
  ofLastPass('vigil_pass_complete', '1 if the last pass read all it was to read', (it) => (it.complete ? 1 : 0)),
  ofLastPass('vigil_pass_read', 'Things the last pass read', (it) => it.read),
  {
    name: 'vigil_absences_held',
    help: 'Things missing from lists that are kept until a second pass or an operator agrees',
    labels: ['kind'],
    read: (it) => Object.entries(it.status().held).map(([kind, count]) => [{ kind }, count] as const),
  },
  {
    name: 'vigil_reads_waiting',
    help: 'Single readings of the cloud that wait',
    labels: [],
    read: (it) => [[{}, it.status().waiting]],
  },
  {
    name: 'vigil_reconcile_interval_seconds',
    help: 'Seconds between two passes',
    labels: ['kind'],
    read: (it) => {
      const { intervalsSeconds } = it.status();
      return PASS_KINDS.map((kind) => [{ kind }, intervalsSeconds[kind]] as const);
    },
  },
  {
    name: 'vigil_clock_ahead_seconds',
    help: 'How far nova’s clock is ahead of ours',
    labels: [],
    read: (it) => [[{}, it.status().clockAheadSeconds]],
  },
];

/** Adds what reconciling did to a registry, read anew at each scrape; nothing while there is no API to reconcile with. */
export function measureReconcile(registry: Registry, state: ServiceState): void {
  const values = (meter: Meter): Values => (state.reconcile === null ? [] : meter.read(state.reconcile));
  for (const meter of COUNTERS) {
    new Counter({
      ...optionsOf(meter, registry),
      collect() {
        this.reset();
        for (const [labels, value] of values(meter)) this.inc(labels, value);
      },
    });
  }
  for (const meter of GAUGES) {
    new Gauge({
      ...optionsOf(meter, registry),
      collect() {
        this.reset();
        for (const [labels, value] of values(meter)) this.set(labels, value);
      },
    });
  }
}

function optionsOf(
  { name, help, labels }: Meter,
  registry: Registry,
): {
  name: string;
  help: string;
  labelNames: string[];
  registers: Registry[];
} {
  return { name, help, labelNames: [...labels], registers: [registry] };
}

function ofLastPass(name: string, help: string, of: (report: PassReport) => number): Meter {
  return {
    name,
    help,
    labels: ['kind'],
    read: (it) => {
      const { last } = it.status();
      return PASS_KINDS.flatMap((kind) => (last[kind] === null ? [] : [[{ kind }, of(last[kind])] as const]));
    },
  };
}
