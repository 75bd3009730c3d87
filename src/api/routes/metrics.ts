import { Type } from 'typebox';
import type { Metrics } from '../../metrics.ts';
import { type Api, ERROR_ANSWERS } from './route.ts';

/** `GET /metrics` for Prometheus, and the measuring of all requests. */
export function metricsRoute(api: Api, metrics: Metrics): void {
  api.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'none';
    metrics.request(request.method, route, reply.statusCode, reply.elapsedTime / MILLIS_PER_SECOND);
  });
  const schema = {
    summary: 'Measurements, for Prometheus',
    tags: ['operation'],
    response: {
      200: { description: 'Text format', content: { 'text/plain': { schema: Type.String() } } },
      ...ERROR_ANSWERS,
    },
  };
  api.get('/metrics', { schema }, async (_, reply) => {
    const text = await metrics.registry.metrics();
    return reply.type(metrics.registry.contentType).send(text);
  });
}

const MILLIS_PER_SECOND = 1_000;
