import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CATALOGUE, metricTable } from '../../../model/metrics/catalogue.ts';
import type { Sample } from '../../../model/metrics/sample.ts';
import { type PrometheusServer, startPrometheus } from '../../../servers/prometheus.ts';
import type { Api } from '../../../src/api/routes/route.ts';
import { remoteWriteRoute } from '../../../src/api/routes/sla-remote-write.ts';
import { Measuring } from '../../../src/metrics-sources/measuring.ts';
import { ElementNames } from '../../../streams/metrics/element-names.ts';
import { Intake } from '../../../streams/metrics/intake.ts';
import { ModelNaming } from '../../../streams/metrics/naming.ts';
import { WrittenSource } from '../../../streams/metrics/sources/written.ts';
import { testApi } from '../api/api.ts';
import { hostFacts, type TestState, testState } from '../api/state.ts';
import { type Exporter, startExporter } from './exporter.ts';

const RULES = JSON.stringify({
  groups: [{ name: 'vigil', rules: [{ record: 'vigil:memory_used', expr: 'test_memory_bytes / 1048576' }] }],
});

let state: TestState;
let api: Api;
let exporter: Exporter;
let prometheus: PrometheusServer;
let measuring: Measuring;
const got: Sample[] = [];

beforeAll(async () => {
  state = await testState();
  await state.tell(hostFacts('compute-1'));
  const names = new ElementNames();
  names.load(state.model);
  const metrics = metricTable([]);
  const limits = { series: 100, samplesPerSecond: 100_000, oldest: 3_600 };
  const intake = new Intake((metric) => metrics.get(metric)?.of ?? null, new ModelNaming(state.model, names), limits);
  measuring = new Measuring(
    [new WrittenSource('written', CATALOGUE, 1_000_000)],
    intake,
    100,
    pino({ level: 'silent' }),
  );
  measuring.samples$.subscribe((samples) => got.push(...samples));
  measuring.start();
  api = testApi(state, { parts: [{ routes: (scope) => remoteWriteRoute(scope, measuring) }] });
  const address = await api.listen({ host: '127.0.0.1', port: 0 });
  exporter = await startExporter('test_memory_bytes{instance="compute-1.example.org:9100"} 1073741824\n');
  prometheus = await startPrometheus({
    targets: [exporter.target],
    rules: RULES,
    remoteWrite: { url: `${address}/sla/prometheus/write` },
  });
});

afterAll(async () => {
  await prometheus?.stop();
  await exporter?.close();
  await api.close();
  await state.close();
});

describe('a real Prometheus that writes here', () => {
  it('brings what its recording rules name, of the hosts that its labels name', async () => {
    await expect.poll(() => got.length).toBeGreaterThan(2);
    expect(got[0]).toMatchObject({ metric: 'memory_used', resource: 'compute-1', value: 1_024 });
    const { refused } = measuring.sources()[0] ?? { refused: [] };
    const unknown = refused.find(({ reason }) => reason === 'unknown-metric');
    expect(unknown?.examples.map(({ metric }) => metric)).toContain('test_memory_bytes');
  });

  it('goes on after it was killed', async () => {
    await prometheus.restart();
    const before = got.length;
    await expect.poll(() => got.length).toBeGreaterThan(before + 2);
  });
});

describe('POST /sla/prometheus/write', () => {
  const post = (payload: Buffer, type = 'application/x-protobuf') =>
    api.inject({ method: 'POST', url: '/sla/prometheus/write', payload, headers: { 'content-type': type } });

  it('refuses what is no remote write, and what would be too large unpacked', async () => {
    const answers = [await post(Buffer.from('nonsense')), await post(Buffer.from([0xff, 0xff, 0xff, 0xff, 0x0f]))];
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([400, 400]);
    expect(answers[1]?.json().error.message).toContain('4294967295 bytes unpacked, at most 1000000 are taken');
  });

  it('says that version 2.0 is not read', async () => {
    const answer = await post(Buffer.alloc(0), 'application/x-protobuf;proto=io.prometheus.write.v2.Request');
    expect([answer.statusCode, answer.json().error.code]).toEqual([415, 'remote-write-version']);
  });
});
