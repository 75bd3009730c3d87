import { Subject } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { CATALOGUE } from '../../../../model/metrics/catalogue.ts';
import { decode } from '../../../../streams/decoded.ts';
import type { Ingested } from '../../../../streams/ingest.ts';
import type { Measurement } from '../../../../streams/metrics/measurement.ts';
import { METRICS_UPDATE, novaMetrics } from '../../../../streams/metrics/sources/nova.ts';
import { envelope, firstOf, raw } from '../../messages.ts';

const committed: Ingested['committed'] = { revision: '1-1', won: 0, lost: 0 };

function listen() {
  const ingested$ = new Subject<Ingested>();
  const undecodable: string[] = [];
  const got: Measurement[] = [];
  const source = novaMetrics('nova', ingested$, CATALOGUE, { kind: 'connected', detail: '' }, (_, { reason }) =>
    undecodable.push(reason),
  );
  source.samples$.subscribe(({ measurements }) => got.push(...measurements));
  const ingest = (...bodies: Uint8Array[]): void => {
    const decoded = bodies.map((body) => decode(raw(body), 0));
    ingested$.next({ decoded, committed });
  };
  return { ingest, got, undecodable };
}

const update = firstOf('metrics_update', METRICS_UPDATE);

describe('nova’s metrics.update', () => {
  it('tells what each metric of a host was, and when; by the catalogue’s names where it has them', () => {
    const { ingest, got } = listen();
    ingest(envelope(firstOf('metrics_update', METRICS_UPDATE)), envelope(firstOf('service_create', 'service.create')));
    const labels = { host: 'compute', node: 'fake-mini' };
    const time = Date.parse('2012-10-29T13:42:11Z') / 1_000;
    expect(got).toContainEqual(expect.objectContaining({ metric: 'cpu_util', labels, value: 2, time }));
    expect(got).toContainEqual({ metric: 'cpu.iowait.time', labels, value: 6_121_490_000_000, time });
    expect(got).toHaveLength(10);
  });

  it('hands one that it cannot read to whoever keeps those, and goes on', () => {
    const { ingest, got, undecodable } = listen();
    ingest(
      envelope({ ...update, payload: { 'nova_object.data': { host: 'h', nodename: 'n', metrics: 7 } } }),
      envelope(update),
    );
    expect(undecodable).toEqual(['bad-field']);
    expect(got).toHaveLength(10);
  });
});
