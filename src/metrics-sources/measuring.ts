import type { Logger } from 'pino';
import { Subject, Subscription } from 'rxjs';
import type { Sample } from '../../model/metrics/sample.ts';
import type { Intake } from '../../streams/metrics/intake.ts';
import { METRIC_SOURCES, type MetricSourceKind } from '../../streams/metrics/kinds.ts';
import type { MetricSource } from '../../streams/metrics/source.ts';
import type { SourceEvent } from '../../streams/source.ts';
import { secondsNow } from '../clock.ts';
import { VigilError } from '../errors.ts';
import type { MeasuringState, MetricSourceReport } from './measuring-state.ts';

interface Heard {
  last: SourceEvent;
  gaps: number;
}

const NOT_STARTED: SourceEvent = { kind: 'connecting', detail: 'not started yet' };

/** All sources of measurements and the intake they go through, running. */
export class Measuring implements MeasuringState {
  readonly samples$ = new Subject<readonly Sample[]>();
  readonly #sources: readonly MetricSource[];
  readonly #intake: Intake;
  readonly #limit: number;
  readonly #log: Logger;
  readonly #heard = new Map<string, Heard>();
  #started = false;

  constructor(sources: readonly MetricSource[], intake: Intake, maxSeries: number, log: Logger) {
    this.#sources = sources;
    this.#intake = intake;
    this.#limit = maxSeries;
    this.#log = log;
  }

  /** Begins to take measurements in; unsubscribing ends it. */
  start(): Subscription {
    this.#started = true;
    const running = new Subscription();
    for (const source of this.#sources) {
      running.add(source.events$.subscribe((event) => this.#hear(source.name, event)));
      running.add(
        source.samples$.subscribe((batch) => {
          const samples = this.#intake.take(source.name, batch, secondsNow());
          if (samples.length > 0) this.samples$.next(samples);
        }),
      );
    }
    return running;
  }

  get series(): MeasuringState['series'] {
    return { count: this.#intake.seriesCount, limit: this.#limit };
  }

  sources(): readonly MetricSourceReport[] {
    return this.#sources.map(({ name, kind }) => {
      const { last, gaps } = this.#heard.get(name) ?? { last: NOT_STARTED, gaps: 0 };
      return { name, kind, support: METRIC_SOURCES[kind].support, last, gaps, ...this.#intake.counts(name) };
    });
  }

  receiver<T extends MetricSource>(type: new (...args: never[]) => T, kind: MetricSourceKind): T {
    const source = this.#sources.find((one): one is T => one instanceof type && one.kind === kind);
    if (source === undefined) throw new VigilError('no-metric-source', { kind });
    if (!this.#started) throw new VigilError('overloaded');
    return source;
  }

  #hear(name: string, event: SourceEvent): void {
    const heard = this.#heard.get(name) ?? { last: event, gaps: 0 };
    heard.last = event;
    if (event.kind === 'gap') heard.gaps += 1;
    this.#heard.set(name, heard);
    const about = { metric_source: name, event: event.kind };
    if (event.kind === 'waiting' || event.kind === 'gap') this.#log.warn(about, event.detail);
    else this.#log.info(about, event.detail);
  }
}
