import { interval, map, merge, of, Subject } from 'rxjs';
import type { SourceEvent } from '../../source.ts';
import type { Labels, Measurement, MetricBatch, Outcome } from '../measurement.ts';
import type { MetricSource } from '../source.ts';

/** An alert as Alertmanager tells it. Times in seconds since 1970. */
export interface Alert {
  /** Tells one from another of the same labels sent by several Prometheuses. */
  readonly fingerprint: string;
  readonly name: string;
  readonly firing: boolean;
  readonly labels: Labels;
}

export interface AlertOptions {
  readonly name: string;
  /** Seconds between two samples of an alert that fires. */
  readonly interval: number;
  /** Seconds for which an alert is believed to fire without being told again. */
  readonly forget: number;
  /** Seconds since 1970. */
  readonly now: () => number;
}

interface Firing {
  readonly metric: string;
  readonly labels: Labels;
  readonly until: number;
}

const MILLIS_PER_SECOND = 1_000;
/** Alerts that fire at once; beyond it the one told longest ago goes. */
const MAX_FIRING = 10_000;

/**
 * Alerts as measurements: an alert is a metric of its own name, 1 while it fires and 0 once it ended. Alertmanager tells of
 * one that goes on only every few hours, so it is told here again and again, as a measurement would be.
 */
export class AlertSource implements MetricSource {
  readonly name: string;
  readonly kind = 'alertmanager';
  readonly events$ = of<SourceEvent>({ kind: 'connected', detail: 'listening at POST /sla/alertmanager' });
  readonly samples$;
  readonly #options: AlertOptions;
  readonly #told$ = new Subject<MetricBatch>();
  readonly #firing = new Map<string, Firing>();

  constructor(options: AlertOptions) {
    this.#options = options;
    this.name = options.name;
    const again$ = interval(options.interval * MILLIS_PER_SECOND).pipe(
      map(() => ({ measurements: this.#stillFiring(), done: () => undefined })),
    );
    this.samples$ = merge(this.#told$, again$);
  }

  /** Takes what Alertmanager tells now. */
  tell(alerts: readonly Alert[]): Promise<Outcome> {
    const { forget, now } = this.#options;
    const time = now();
    for (const { fingerprint, name, firing, labels } of alerts) {
      this.#firing.delete(fingerprint);
      if (firing) this.#firing.set(fingerprint, { metric: name, labels, until: time + forget });
      const [oldest] = this.#firing.size > MAX_FIRING ? this.#firing.keys() : [];
      if (oldest !== undefined) this.#firing.delete(oldest);
    }
    const measurements = alerts.map(({ name, labels, firing }) => ({
      metric: name,
      labels,
      value: firing ? 1 : 0,
      time,
    }));
    return new Promise((done) => this.#told$.next({ measurements, done }));
  }

  #stillFiring(): Measurement[] {
    const time = this.#options.now();
    for (const [fingerprint, { until }] of this.#firing) if (until < time) this.#firing.delete(fingerprint);
    return [...this.#firing.values()].map(({ metric, labels }) => ({ metric, labels, value: 1, time }));
  }
}
