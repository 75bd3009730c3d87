import type { Measurement } from '../streams/metrics/measurement.ts';
import type { MetricSource } from '../streams/metrics/source.ts';
import { MILLISECOND, SECOND } from './clock/time.ts';
import { Cloud } from './cloud.ts';
import { makeFabric } from './fabric.ts';
import { measure, measurementCount } from './metrics/measure.ts';
import { metricSource } from './metrics/source.ts';
import { live } from './mix.ts';
import { makeNoise } from './noise/noise.ts';
import { type CloudOptions, completeOptions } from './options.ts';
import { populate } from './population.ts';
import type { Publisher } from './publish.ts';
import { type Rest, type RestOptions, startRest } from './rest/index.ts';
import { createQueue, type SimulatedQueue } from './source.ts';
import { type Truth, truthOf } from './truth.ts';
import { type Emission, encode } from './wire/envelope.ts';

export type { CloudOptions } from './options.ts';
export type { Rest, RestFault, RestFaults, RestOptions } from './rest/index.ts';
export type { TrueAggregate, TrueHost, TrueInstance, TrueServerGroup, Truth } from './truth.ts';
export type { Emission } from './wire/envelope.ts';

/** In real time, how often virtual time is moved on, in milliseconds. */
const TICK = 50;
const MILLIS_PER_SECOND = 1_000;
/** In one go virtual time is moved on by at most so much real time, and worked on for so long; else it falls behind. */
const LONGEST_STEP = 500;
const BUDGET = 25;
/** How often everything is measured, in milliseconds; in large clouds less often, so that it is at most so much a second. */
const MEASURED_EVERY = 5_000;
const MOST_MEASURED = 4_000;
/** With more messages than this waiting to be taken, real time runs on and virtual time waits. */
const BACKLOG = 50_000;

/** A cloud that knows the truth. Nothing moves but by `advance`, `generate`, `settle`, or while it `run`s. */
export interface SimulatedCloud {
  /** What operations and the REST API are written against. */
  readonly cloud: Cloud;
  readonly options: CloudOptions;
  /** Virtual time, in milliseconds since 1970. */
  now(): number;
  /** Moves virtual time on by so many seconds. */
  advance(seconds: number): void;
  /** Runs on until so many notifications more were sent, and gives each as its bytes, as they are sent. */
  generate(count: number): Generator<Buffer, void, void>;
  /** The same, before they are put in envelopes. */
  emissions(count: number): Generator<Emission, void, void>;
  /** Begins nothing more and runs on until all that is under way has ended; what was sent meanwhile. */
  settle(): Emission[];
  /**
   * Lives in real time, so many times faster, until `stop`. When that is more than can be done, or nobody takes the
   * messages, virtual time falls behind.
   */
  run(factor?: number): void;
  stop(): void;
  /** Calls back with every notification sent. */
  onEmission(listener: (emission: Emission) => void): void;
  /** A source in this process, with a queue of its own from now on. */
  source(options?: { readonly name?: string; readonly window?: number }): SimulatedQueue;
  /** Everything that can be measured now, by the names of the metric catalogue. */
  measure(): Measurement[];
  /** A source of what is measured, in real time. */
  metrics(options?: { readonly name?: string; readonly every?: number }): MetricSource;
  /** Hands every notification from now on to a publisher. */
  publishTo(publisher: Publisher): void;
  /** Serves nova's, placement's and keystone's API on 127.0.0.1; what is asked there is done. */
  rest(options?: RestOptions): Promise<Rest>;
  truth(): Truth;
}

/** Makes a cloud, full of instances and at rest. @throws RangeError when the options make no sense. */
export function createSimulatedCloud(given: Partial<CloudOptions> = {}): SimulatedCloud {
  const options = completeOptions(given);
  const cloud = new Cloud(options, makeFabric(options));
  populate(cloud);
  const noise = makeNoise(cloud);
  let rest = live(cloud);
  let timer: NodeJS.Timeout | null = null;
  /** In real time: moves virtual time on to the present. */
  let catchUp = (): void => {};
  const outlets: { readonly waiting: number }[] = [];
  let sent: Emission[] = [];
  let collecting = false;
  cloud.onEmission((emission) => {
    if (collecting) sent.push(emission);
  });

  const collect = (): Emission[] => {
    const taken = sent;
    sent = [];
    return taken;
  };

  function* emissions(count: number): Generator<Emission, void, void> {
    collecting = true;
    try {
      for (let given = 0; given < count; ) {
        while (sent.length === 0) if (!cloud.step(Number.POSITIVE_INFINITY)) return;
        for (const emission of collect()) {
          if (given++ < count) yield emission;
          else sent.push(emission);
        }
      }
    } finally {
      collecting = sent.length > 0;
    }
  }

  const stop = (): void => {
    if (timer !== null) clearInterval(timer);
    timer = null;
    catchUp = () => {};
  };

  return {
    cloud,
    options,
    now: () => cloud.now / MILLISECOND,
    advance: (seconds) => cloud.advanceTo(cloud.now + Math.round(seconds * SECOND)),
    emissions,
    *generate(count) {
      for (const emission of emissions(count)) yield encode(emission, options.wire);
    },
    settle() {
      rest();
      collecting = true;
      while (cloud.underWay > 0) cloud.step(Number.POSITIVE_INFINITY);
      collecting = false;
      rest = live(cloud);
      return collect();
    },
    run(factor = 1) {
      stop();
      let last = performance.now();
      let target = cloud.now;
      catchUp = () => {
        const now = performance.now();
        const passed = outlets.some((outlet) => outlet.waiting > BACKLOG) ? 0 : Math.min(now - last, LONGEST_STEP);
        last = now;
        target += Math.round(passed * factor * MILLISECOND);
        while (performance.now() - now < BUDGET) if (!cloud.step(target)) return cloud.advanceTo(target);
        target = Math.min(target, cloud.now + Math.round(LONGEST_STEP * factor * MILLISECOND));
      };
      timer = setInterval(() => catchUp(), TICK);
    },
    stop,
    onEmission: (listener) => cloud.onEmission(listener),
    source({ name = 'simulator', window = 1000 } = {}) {
      const queue = createQueue(name, window);
      outlets.push(queue);
      cloud.onEmission((emission) => queue.publish(encode(emission, options.wire)));
      return queue;
    },
    measure: () => measure(cloud, noise),
    metrics({ name = 'simulator', every = measuredEvery(cloud) } = {}) {
      return metricSource(name, () => measure(cloud, noise), every);
    },
    publishTo(publisher) {
      outlets.push(publisher);
      cloud.onEmission((emission) => publisher.publish(emission));
    },
    rest: (options) => startRest(cloud, () => catchUp(), options),
    truth: () => truthOf(cloud),
  };
}

function measuredEvery(cloud: Cloud): number {
  return Math.max(MEASURED_EVERY, (measurementCount(cloud) / MOST_MEASURED) * MILLIS_PER_SECOND);
}
