import { Type } from 'typebox';
import { unpack } from '../../../streams/metrics/remote-write/unpack.ts';
import { readWriteRequest, type WrittenSeries } from '../../../streams/metrics/remote-write/write-request.ts';
import { WrittenSource } from '../../../streams/metrics/sources/written.ts';
import { VigilError } from '../../errors.ts';
import type { MeasuringState } from '../../metrics-sources/measuring-state.ts';
import { type Api, ERROR_ANSWERS } from './route.ts';

/** Bytes of a request as it is sent; what it may have unpacked is configured. */
const MAX_PACKED_BYTES = 16 * 1024 * 1024;
/** Prometheus sends 2,000 at most unless it is told otherwise (queue_config.max_samples_per_send). */
const MAX_SAMPLES = 20_000;
const MIME = 'application/x-protobuf';
const SECOND_VERSION = /proto=io\.prometheus\.write\.v2/;

/** `POST /sla/prometheus/write`: what a Prometheus is configured to write here, by remote write 1.0. */
export function remoteWriteRoute(api: Api, measuring: MeasuringState): void {
  const schema = {
    summary: 'Samples by Prometheus remote write',
    description:
      'Remote write 1.0: a snappy block of a protobuf WriteRequest. Series that are not taken are counted, see GET /sla/sources.',
    tags: ['sla'],
    consumes: [MIME],
    response: { 204: Type.Null({ description: 'Taken in' }), ...ERROR_ANSWERS },
  };
  api.register((scope: Api, _options, done) => {
    scope.addContentTypeParser(MIME, { parseAs: 'buffer' }, (_request, body, parsed) => parsed(null, body));
    scope.post('/sla/prometheus/write', { schema, bodyLimit: MAX_PACKED_BYTES }, async (request, reply) => {
      if (SECOND_VERSION.test(request.headers['content-type'] ?? '')) throw new VigilError('remote-write-version');
      const source = measuring.receiver(WrittenSource, 'remote-write');
      await source.write(await seriesOf(request.body as unknown, source.maxBytes));
      return reply.code(204).send(null);
    });
    done();
  });
}

async function seriesOf(body: unknown, maxBytes: number): Promise<WrittenSeries[]> {
  if (!Buffer.isBuffer(body)) throw new VigilError('bad-request', { problem: `the body must be ${MIME}` });
  try {
    return readWriteRequest(await unpack(body, maxBytes), MAX_SAMPLES);
  } catch (error) {
    throw new VigilError('bad-request', { problem: `the body is no remote write: ${(error as Error).message}` });
  }
}
