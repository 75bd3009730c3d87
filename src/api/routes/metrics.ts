import { Type } from 'typebox';
import type { Metrics } from '../../metrics.ts';
import { type Api, ERROR_ANSWERS } from './route.ts';

/** Measures all requests but subscriptions, which last as long as somebody listens. */
export function measure(api: Api, metrics: Metrics): void {
  api.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'none';
    if (request.routeOptions.config.endless === true && reply.raw.statusCode === 200) return;
    metrics.request(request.method, route, reply.raw.statusCode, reply.elapsedTime / MILLIS_PER_SECOND);
  });
}

/** `GET /metrics` for Prometheus. */
export function metricsRoute(api: Api, metrics: Metrics): void {
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
