import { setTimeout as sleep } from 'node:timers/promises';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { parseRevision } from '../model/revision.ts';
import { countHosts, countOf } from './counts.ts';
import { measureReconcile } from './reconcile-metrics.ts';
import type { IngestCounters, ServiceState } from './service-state.ts';

/** What else than the service's state is measured. */
export interface Meters {
  readonly subscribers: () => number;
  readonly subscribersCut: () => number;
}

/** A Prometheus registry of this service, read from its state at each scrape, so that counting costs nothing in between. */
export class Metrics {
  readonly registry = new Registry();
  readonly #requests: Histogram<'method' | 'route' | 'status'>;

  constructor(state: ServiceState, meters: Meters) {
    this.registry.setDefaultLabels({ cloud: state.cloud });
    collectDefaultMetrics({ register: this.registry });
    this.#ingest(state);
    this.#model(state);
    measureReconcile(this.registry, state);
    this.#counter(
      'vigil_subscribers_cut_total',
      'Subscribers of changes cut because they were too slow',
      meters.subscribersCut,
    );
    this.#gauge('vigil_subscribers', 'Subscribers of changes now', meters.subscribers);
    this.#requests = new Histogram({
      name: 'vigil_http_request_duration_seconds',
      help: 'Time to answer HTTP requests',
      labelNames: ['method', 'route', 'status'],
      buckets: [0.001, 0.005, 0.02, 0.1, 0.5, 2],
      registers: [this.registry],
    });
  }

  /** Counts an answered request; `route` is its pattern, so that there are only so many. */
  request(method: string, route: string, status: number, seconds: number): void {
    this.#requests.observe({ method, route, status: String(status) }, seconds);
  }

  #ingest(state: ServiceState): void {
    const counters: readonly (readonly [name: string, help: string, of: (counters: IngestCounters) => number])[] = [
      ['vigil_messages_total', 'Notifications received', (it) => it.messages],
      ['vigil_messages_ignored_total', 'Notifications of event types that claim nothing', (it) => it.ignored],
      ['vigil_dead_letters_total', 'Messages that nothing could be made of', (it) => it.deadLetters],
      ['vigil_facts_won_total', 'Facts that told something newer', (it) => it.factsWon],
      ['vigil_facts_lost_total', 'Facts that were known or overtaken', (it) => it.factsLost],
      ['vigil_clocks_cut_total', 'Times that lay too far in the future', (it) => it.clocksCut],
    ];
    for (const [name, help, of] of counters) this.#counter(name, help, () => of(state.counters()));
    this.#labelled(
      'vigil_events_total',
      'Notifications by event type',
      'event',
      'counter',
      () => state.counters().byEvent,
    );
    const sources: readonly (readonly [
      name: string,
      help: string,
      of: (it: Source) => number,
      type: 'counter' | 'gauge',
    ])[] = [
      [
        'vigil_source_connected',
        '1 while a source is connected',
        (it) => (CONNECTED.has(it.last.kind) ? 1 : 0),
        'gauge',
      ],
      ['vigil_source_messages_total', 'Messages received from a source', (it) => it.received, 'counter'],
      ['vigil_source_pending', 'Messages received and not yet committed', (it) => it.pending, 'gauge'],
      ['vigil_source_gaps_total', 'Times messages of a source may have been missed', (it) => it.gaps, 'counter'],
    ];
    for (const [name, help, of, type] of sources) {
      this.#labelled(name, help, 'source', type, () => new Map(state.sources().map((it) => [it.name, of(it)])));
    }
  }

  #model(state: ServiceState): void {
    const { model } = state;
    this.#labelled('vigil_elements', 'Elements of the model by kind', 'kind', 'gauge', () => [
      ['host', countHosts(model).count],
      ['instance', model.instanceCount()],
      ['aggregate', countOf(model.aggregates())],
      ['server_group', countOf(model.serverGroups())],
    ]);
    this.#labelled('vigil_instances', 'Instances by vm_state', 'state', 'gauge', () => model.totals().byState);
    this.#gauge('vigil_synced', '1 while the model is complete', () => (state.freshness().synced ? 1 : 0));
    this.#gauge(
      'vigil_model_age_seconds',
      'Seconds since the model last heard anything',
      () => state.freshness().ageSeconds,
    );
    new Gauge({
      name: 'vigil_revision_lag',
      help: 'Changes the store holds and this process has not yet applied',
      registers: [this.registry],
      async collect() {
        this.set(await revisionLag(state));
      },
    });
    this.#gauge('vigil_notices', 'Things an operator should mend', () => state.notices().length);
  }

  #counter(name: string, help: string, read: () => number): void {
    this.#labelled(name, help, null, 'counter', () => [['', read()]]);
  }

  #gauge(name: string, help: string, read: () => number | null): void {
    this.#labelled(name, help, null, 'gauge', () => [['', read() ?? Number.NaN]]);
  }

  /** A metric of which each scrape reads all values anew, by one label or (null) without. */
  #labelled(
    name: string,
    help: string,
    label: string | null,
    type: 'counter' | 'gauge',
    read: () => Iterable<readonly [string, number]>,
  ): void {
    const labelNames = label === null ? [] : [label];
    const labels = (value: string): Record<string, string> => (label === null ? {} : { [label]: value });
    const registers = [this.registry];
    if (type === 'gauge') {
      new Gauge({
        ...{ name, help, labelNames, registers },
        collect() {
          this.reset();
          for (const [value, number] of read()) this.set(labels(value), number);
        },
      });
    } else {
      new Counter({
        ...{ name, help, labelNames, registers },
        collect() {
          this.reset();
          for (const [value, number] of read()) this.inc(labels(value), number);
        },
      });
    }
  }
}

/** How long the store may take to say where it is (ms): one that cannot be reached must not hold a scrape up. */
const PATIENCE = 1_000;

/** How far this process is behind the store, in changes; NaN when the store does not say, or is of another epoch. */
async function revisionLag({ model, store }: ServiceState): Promise<number> {
  const head = await Promise.race([store.head().catch(() => null), sleep(PATIENCE, null, { ref: false })]);
  const [there, here] = [parseRevision(head ?? ''), parseRevision(model.revision)];
  if (there === null || here === null || there.epoch !== here.epoch) return Number.NaN;
  return Math.max(0, there.seq - here.seq);
}

type Source = ReturnType<ServiceState['sources']>[number];

/** The last words of a source that has its connection (or needs none any more). */
const CONNECTED: ReadonlySet<string> = new Set(['connected', 'gap', 'caught-up', 'ended']);
