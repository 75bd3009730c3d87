import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { metricTable } from '../../../model/metrics/catalogue.ts';
import type { Metric } from '../../../model/metrics/metric.ts';
import { freePort } from '../../../servers/ports.ts';
import { type PrometheusServer, startPrometheus } from '../../../servers/prometheus.ts';
import { type Certificates, makeCertificates } from '../../../servers/tls.ts';
import type { PrometheusConfig } from '../../../src/config/schema/metrics.ts';
import { openPrometheus } from '../../../src/metrics-sources/open-prometheus.ts';
import type { Measurement } from '../../../streams/metrics/measurement.ts';
import type { SourceEvent } from '../../../streams/source.ts';
import { type Exporter, startExporter } from './exporter.ts';

const GIB = 1024 ** 3;
const MEMORY = metricTable([]).get('memory_used');
/** The hash of `secret`. */
const SECRET = '$2b$04$RpoaajL4t/rwjs1zHn/FvOJTrpPh7CEwealSaIkl/DT6SS..RprDK';

const memory = (host: string, used: number): string =>
  `node_memory_MemTotal_bytes{instance="${host}:9100"} ${8 * GIB}\nnode_memory_MemAvailable_bytes{instance="${host}:9100"} ${8 * GIB - used * 1024 * 1024}\n`;

const ended: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ended.splice(0).reverse()) await end();
});

async function listen(
  config: Partial<PrometheusConfig> & { url: string },
  metrics: readonly Metric[] = MEMORY ? [MEMORY] : [],
) {
  const got: Measurement[] = [];
  const events: SourceEvent[] = [];
  const source = await openPrometheus(
    'prometheus',
    {
      ...{ kind: 'prometheus', exporters: ['node_exporter'], interval: 1, timeout: 10, rate_window: 10 },
      ...{ max_answer: 10_000_000, tls: { verify: true } },
      ...config,
    },
    { metrics: new Map(metrics.map((metric) => [metric.name, metric])), oldest: 600 },
  );
  source.events$.subscribe((event) => events.push(event));
  const subscription = source.samples$.subscribe(({ measurements }) => got.push(...measurements));
  ended.push(() => subscription.unsubscribe());
  const last = (): SourceEvent | undefined => events.at(-1);
  return { got, events, last };
}

describe('a real Prometheus', () => {
  let exporter: Exporter;
  let prometheus: PrometheusServer;
  beforeAll(async () => {
    exporter = await startExporter(memory('compute-1', 1_000) + memory('compute-2', 2_000));
    prometheus = await startPrometheus({ targets: [exporter.target] });
  });
  afterAll(async () => {
    await prometheus.stop();
    await exporter.close();
  });

  it('is asked by the catalogue’s queries, with the labels that tell whose a value is', async () => {
    const { got, last } = await listen({ url: prometheus.url });
    await expect.poll(() => got.length).toBeGreaterThan(3);
    const values = new Map(got.map(({ labels, value }) => [labels.instance, value]));
    expect(values).toEqual(
      new Map([
        ['compute-1:9100', 1_000],
        ['compute-2:9100', 2_000],
      ]),
    );
    expect(last()).toEqual({ kind: 'connected', detail: prometheus.url });
  });

  it('is heard again after it was killed, and what is left of the time between is asked for', async () => {
    const { got, last } = await listen({ url: prometheus.url });
    await expect.poll(() => got.length).toBeGreaterThan(3);
    await prometheus.kill();
    await expect
      .poll(() => last())
      .toMatchObject({
        kind: 'waiting',
        detail: expect.stringContaining('the connection was refused'),
      });
    const before = got.length;
    await prometheus.restart();
    await expect.poll(() => last()?.kind).toBe('connected');
    await expect.poll(() => got.length).toBeGreaterThan(before + 3);
    const times = got.filter(({ labels }) => labels.instance === 'compute-1:9100').map(({ time }) => time);
    expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
  });

  it('that hangs is given up after the time-out, and heard again once it goes on', async () => {
    const { got, last } = await listen({ url: prometheus.url, timeout: 1 });
    await expect.poll(() => got.length).toBeGreaterThan(3);
    prometheus.signal('SIGSTOP');
    try {
      await expect.poll(() => last()?.kind).toBe('waiting');
      expect(last()?.detail).toContain('no answer within 1 s');
    } finally {
      prometheus.signal('SIGCONT');
    }
    const before = got.length;
    await expect.poll(() => last()?.kind).toBe('connected');
    await expect.poll(() => got.length).toBeGreaterThan(before + 3);
    const times = got.filter(({ labels }) => labels.instance === 'compute-1:9100').map(({ time }) => time);
    expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
  });

  it('tells what is wrong with a query, and the others go on', async () => {
    const wrong: Metric = {
      ...{ name: 'wrong', description: '', unit: '', of: ['host'], bad: 'above' },
      provisions: [{ by: 'node_exporter', of: 'host', query: 'sum(' }],
    };
    const { got, last } = await listen({ url: prometheus.url }, MEMORY === undefined ? [] : [wrong, MEMORY]);
    await expect.poll(() => got.length).toBeGreaterThan(1);
    await expect.poll(() => last()?.kind).toBe('gap');
    expect(last()?.detail).toMatch(/1 of 2 queries .* fail; wrong of hosts \(node_exporter\): bad_data: .*parse error/);
  });

  it('whose answer is too large is told so and not read on', async () => {
    exporter.text = Array.from({ length: 300 }, (_, i) => memory(`host-${i}`, i)).join('');
    const { got, last } = await listen({ url: prometheus.url, max_answer: 10_000 });
    await expect.poll(() => last()?.detail ?? '').toContain('the answer has more than 10000 bytes');
    expect(got.length).toBeLessThan(100);
  });
});

describe('a Prometheus that cannot reach a part of its data', () => {
  let exporter: Exporter;
  let prometheus: PrometheusServer;
  beforeAll(async () => {
    exporter = await startExporter(memory('compute-1', 1_000));
    const nobody = `http://127.0.0.1:${await freePort()}/read`;
    prometheus = await startPrometheus({ targets: [exporter.target], remoteRead: nobody });
  });
  afterAll(async () => {
    await prometheus.stop();
    await exporter.close();
  });

  it('is believed in what it answers, and that it is not all is told', async () => {
    const { got, last } = await listen({ url: prometheus.url });
    await expect.poll(() => got.length).toBeGreaterThan(3);
    await expect.poll(() => last()?.kind).toBe('gap');
    expect(last()?.detail).toMatch(/answers in part; memory_used of hosts \(node_exporter\): .*connection refused/);
  });
});

describe('a Prometheus behind TLS and HTTP Basic', () => {
  let certificates: Certificates;
  let exporter: Exporter;
  let prometheus: PrometheusServer;
  beforeAll(async () => {
    certificates = await makeCertificates();
    exporter = await startExporter(memory('compute-1', 1_000));
    prometheus = await startPrometheus({ targets: [exporter.target], users: { vigil: SECRET }, tls: certificates });
  });
  afterAll(async () => {
    await prometheus.stop();
    await exporter.close();
    await certificates.remove();
  });

  it('is asked with the right authority, user and password', async () => {
    const tls = { verify: true, ca: certificates.caFile };
    const { got } = await listen({ url: prometheus.url, username: 'vigil', password: 'secret', tls });
    await expect.poll(() => got.length).toBeGreaterThan(1);
  });

  it('refuses others, which is told without the password', async () => {
    const tls = { verify: true, ca: certificates.caFile };
    const { last } = await listen({ url: prometheus.url, username: 'vigil', password: 'wrong-one', tls });
    await expect.poll(() => last()?.detail ?? '').toContain('401: are the credentials right?');
    expect(last()?.detail).not.toContain('wrong-one');
  });

  it('is not believed without its authority', async () => {
    const { last } = await listen({ url: prometheus.url, username: 'vigil', password: 'secret' });
    await expect.poll(() => last()?.detail ?? '').toMatch(/certificate/i);
  });
});

describe('something in its place', () => {
  let server: HttpServer;
  let answer: (write: (text: string) => boolean, end: (text?: string) => void) => void;
  let url: string;
  beforeAll(async () => {
    server = createServer((_, response) =>
      answer(
        (text) => response.write(text),
        (text) => response.end(text),
      ),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.close();
    server.closeAllConnections();
  });

  it('that never answers is given up after the time-out', async () => {
    answer = () => undefined;
    const { last } = await listen({ url, timeout: 1 });
    await expect.poll(() => last()?.detail ?? '').toContain('no answer within 1 s');
  });

  it('that answers a million series is not read to the end', async () => {
    let written = 0;
    answer = (write, end) => {
      write('{"status":"success","data":{"resultType":"vector","result":[');
      const more = (): void => {
        for (let i = 0; i < 1_000; i++) write(`{"metric":{"instance":"host-${written++}:9100"},"value":[1,"1"]},`);
        if (written < 1_000_000) setImmediate(more);
        else end(']}}');
      };
      more();
    };
    const { got, last } = await listen({ url, max_answer: 1_000_000 });
    await expect.poll(() => last()?.detail ?? '').toContain('more than 1000000 bytes');
    expect(got).toEqual([]);
  });

  it.each([
    ['a page', '<html>proxy</html>', 'no JSON: <html>proxy'],
    ['other JSON', '{"status": 7}', 'not one of Prometheus'],
    [
      'a scalar',
      '{"status":"success","data":{"resultType":"scalar","result":[1,"1"]}}',
      'gives a scalar, not a vector',
    ],
    [
      'a warning',
      '{"status":"success","data":{"resultType":"vector","result":[]},"warnings":["store is down"]}',
      'answers in part; memory_used of hosts (node_exporter): store is down',
    ],
  ])('that answers %s is told as what it is', async (_, text, said) => {
    answer = (__, end) => end(text);
    const { last } = await listen({ url });
    await expect.poll(() => last()?.detail ?? '').toContain(said);
  });
});
