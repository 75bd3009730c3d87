import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Sample } from '../../../model/metrics/sample.ts';
import type { Api } from '../../../src/api/routes/route.ts';
import { samplesRoute } from '../../../src/api/routes/sla-samples.ts';
import { metricSourcesRoute } from '../../../src/api/routes/sla-sources.ts';
import { Measuring } from '../../../src/metrics-sources/measuring.ts';
import { measureSamples } from '../../../src/metrics-sources/sample-metrics.ts';
import type { Part } from '../../../src/parts/part.ts';
import { ElementNames } from '../../../streams/metrics/element-names.ts';
import { Intake } from '../../../streams/metrics/intake.ts';
import { ModelNaming } from '../../../streams/metrics/naming.ts';
import { ReceivingSource } from '../../../streams/metrics/sources/receiving.ts';
import { testApi } from './api.ts';
import { hostFacts, instanceFacts, type TestState, testState } from './state.ts';

let state: TestState;
let api: Api;
let got: Sample[];

const scopeOf = (metric: string) => (metric === 'cpu_steal' ? (['instance', 'host'] as const) : null);

beforeEach(async () => {
  state = await testState();
  await state.tell([...hostFacts('h1'), ...instanceFacts('a', 'h1')]);
  const intake = new Intake(scopeOf, new ModelNaming(state.model, new ElementNames()), {
    series: 100,
    samplesPerSecond: 100,
    oldest: 600,
  });
  const source = new ReceivingSource('push', 'push', 'POST /sla/samples');
  const measuring = new Measuring([source], intake, 100, pino({ level: 'silent' }));
  measuring.start();
  got = [];
  measuring.samples$.subscribe((samples) => got.push(...samples));
  state.measuring = measuring;
  api = testApi(state, { parts: [partOf(measuring)] });
});

afterEach(async () => {
  await api.close();
  await state.close();
});

const partOf = (measuring: Measuring): Part => ({
  routes: (scope) => {
    samplesRoute(scope, measuring);
    metricSourcesRoute(scope, measuring);
  },
  measure: (registry) => measureSamples(registry, measuring),
});

const push = (samples: unknown) => api.inject({ method: 'POST', url: '/sla/samples', payload: { samples } as object });
const now = (): number => Date.now() / 1_000;

describe('POST /sla/samples', () => {
  it('takes samples of hosts and instances, at times of either form', async () => {
    const time = new Date();
    const answer = await push([
      { metric: 'cpu_steal', resource: 'a', value: 12.5, time: time.toISOString() },
      { metric: 'cpu_steal', resource: 'h1', value: 3, time: time.getTime() / 1_000 },
    ]);
    expect(answer.json()).toEqual({ taken: 2, refused: {}, first_refused: [] });
    const seconds = time.getTime() / 1_000;
    expect(got).toEqual([
      { metric: 'cpu_steal', resource: 'a', value: 12.5, time: seconds },
      { metric: 'cpu_steal', resource: 'h1', value: 3, time: seconds },
    ]);
  });

  it('says of each sample that was not taken why, and what to do', async () => {
    const answer = await push([
      { metric: 'cpu_steal', resource: 'nobody', value: 1, time: now() },
      { metric: 'cpu_stael', resource: 'a', value: 1, time: now() },
    ]);
    expect(answer.json()).toMatchObject({
      taken: 0,
      refused: { unmapped: 1, 'unknown-metric': 1 },
      first_refused: [
        { at: 0, resource: 'nobody', reason: 'unmapped' },
        { at: 1, metric: 'cpu_stael', reason: 'unknown-metric', what_to_do: expect.stringContaining('catalogue') },
      ],
    });
  });

  it.each([
    ['no list', 7],
    ['a sample without a time', [{ metric: 'cpu_steal', resource: 'a', value: 1 }]],
    ['a value that is no number', [{ metric: 'cpu_steal', resource: 'a', value: 'much', time: 1 }]],
    ['a text for a number', [{ metric: 'cpu_steal', resource: 'a', value: '400', time: 1 }]],
    ['nothing for a number', [{ metric: 'cpu_steal', resource: 'a', value: null, time: 1 }]],
    ['a number for a name', [{ metric: 'cpu_steal', resource: 7, value: 1, time: 1 }]],
    ['a time that is a truth', [{ metric: 'cpu_steal', resource: 'a', value: 1, time: true }]],
    ['a time that is none', [{ metric: 'cpu_steal', resource: 'a', value: 1, time: 'yesterday' }]],
    ['a day that is none', [{ metric: 'cpu_steal', resource: 'a', value: 1, time: '2026-13-45T00:00:00Z' }]],
    [
      'more than ten thousand',
      Array.from({ length: 10_001 }, () => ({ metric: 'm', resource: 'a', value: 1, time: 1 })),
    ],
  ])('refuses a request with %s as a whole', async (_, samples) => {
    const answer = await push(samples);
    expect(answer.statusCode).toBe(400);
    expect(answer.json().error.what_to_do).toBeTruthy();
    expect(got).toEqual([]);
  });

  it('names the field that is not what it must be', async () => {
    const good = { metric: 'cpu_steal', resource: 'a', value: 1, time: 1 };
    const told = async (bad: object) => (await push([good, { ...good, ...bad }])).json().error.message;
    expect(await told({ value: '400' })).toContain('samples[1].value is not valid: it must be a number.');
    expect(await told({ time: null })).toContain(
      'samples[1].time is not valid: it must be seconds since 1970, or an ISO 8601 time',
    );
    expect(await told({ time: 'noon' })).toContain(
      'samples[1].time is not valid: it must be seconds since 1970, or an ISO 8601 time',
    );
  });

  it('says so when no source of the kind is configured', async () => {
    const none = new Measuring(
      [],
      new Intake(scopeOf, new ModelNaming(state.model, new ElementNames()), {
        series: 1,
        samplesPerSecond: 1,
        oldest: 1,
      }),
      1,
      pino({ level: 'silent' }),
    );
    await api.close();
    api = testApi(state, { parts: [partOf(none)] });
    const answer = await push([]);
    expect([answer.statusCode, answer.json().error.code]).toEqual([409, 'no-metric-source']);
  });
});

describe('what is told of measurements', () => {
  beforeEach(async () => {
    await push([
      { metric: 'cpu_steal', resource: 'a', value: 1, time: now() },
      { metric: 'cpu_steal', resource: 'nobody', value: 1, time: now() },
    ]);
  });

  it('GET /sla/sources: each source with its support level and what it refused, and what is not supported', async () => {
    const answer = (await api.inject('/sla/sources')).json();
    expect(answer.sources).toMatchObject([
      {
        ...{ name: 'push', kind: 'push', support: 'core', status: 'connected', received: 2, taken: 1 },
        refused: [
          { reason: 'unmapped', count: 1, examples: [{ metric: 'cpu_steal', labels: { resource: 'nobody' } }] },
        ],
      },
    ]);
    expect(answer.series).toEqual({ count: 1, limit: 100 });
    const unsupported = answer.kinds.filter(({ support }: { support: string }) => support === 'unsupported');
    expect(unsupported.map(({ kind }: { kind: string }) => kind)).toEqual([
      'monasca',
      'grafana',
      'l3-cache-noisy-neighbour',
    ]);
    for (const { about } of unsupported) expect(about).toMatch(/use/i);
  });

  it('GET /metrics and GET /model/stats: the same in short', async () => {
    const { body } = await api.inject('/metrics');
    for (const line of [
      'vigil_samples_received_total{source="push",cloud="cloud"} 2',
      'vigil_samples_taken_total{source="push",cloud="cloud"} 1',
      'vigil_samples_refused_total{source="push",reason="unmapped",cloud="cloud"} 1',
      'vigil_metric_source_connected{source="push",cloud="cloud"} 1',
      'vigil_series{cloud="cloud"} 1',
    ]) {
      expect(body).toContain(`${line}\n`);
    }
    const { metric_sources: sources } = (await api.inject('/model/stats')).json();
    expect(sources).toMatchObject([{ name: 'push', status: 'connected', received: 2, taken: 1 }]);
  });
});
