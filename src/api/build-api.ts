import { randomUUID } from 'node:crypto';
import cors from '@fastify/cors';
import rateLimit from '@fastify/rate-limit';
import underPressure from '@fastify/under-pressure';
import fastify, { LogController } from 'fastify';
import { VigilError } from '../errors.ts';
import { Metrics } from '../metrics.ts';
import type { ServiceState } from '../service-state.ts';
import { Subscribers } from './changes/subscribers.ts';
import { checkRequests } from './check-requests.ts';
import { answerClientError } from './client-error.ts';
import { describeApi } from './docs.ts';
import { answerError, answerNotFound } from './error-handler.ts';
import { identify } from './identify.ts';
import type { ApiOptions } from './options.ts';
import { aggregatesRoute } from './routes/aggregates.ts';
import { changesRoute } from './routes/changes.ts';
import { deadLettersRoute } from './routes/dead-letters.ts';
import { confirmAbsencesRoute, driftRoute } from './routes/drift.ts';
import { healthRoutes } from './routes/health.ts';
import { healthcheckRoute } from './routes/healthcheck.ts';
import { hostRoute } from './routes/host.ts';
import { hostInstancesRoute } from './routes/host-instances.ts';
import { hostsRoute } from './routes/hosts.ts';
import { instanceRoute } from './routes/instance.ts';
import { instancesRoute } from './routes/instances.ts';
import { intervalsRoute } from './routes/intervals.ts';
import { measure, metricsRoute } from './routes/metrics.ts';
import { pageRoutes } from './routes/page.ts';
import { placementsRoute } from './routes/placements.ts';
import { refreshRoute } from './routes/refresh.ts';
import type { Api } from './routes/route.ts';
import { serverGroupsRoute } from './routes/server-groups.ts';
import { statsRoute } from './routes/stats.ts';
import { MAX_URL_LENGTH, secure } from './security.ts';
import { canonicalUrl } from './v1/paths.ts';

/** What pages of elsewhere may send and read, once their origin is allowed. */
const CORS = {
  methods: ['GET', 'POST', 'PATCH', 'PUT', 'DELETE'],
  allowedHeaders: ['content-type', 'authorization', 'x-auth-token', 'openstack-api-version', 'last-event-id'],
  exposedHeaders: [
    ...['x-openstack-request-id', 'location', 'retry-after', 'openstack-api-version'],
    ...['openstack-api-minimum-version', 'openstack-api-maximum-version'],
  ],
};

const MILLIS_PER_SECOND = 1_000;
/** After how many seconds a client that was refused for want of time may come again. */
const RETRY_AFTER = 5;

/** The HTTP API of a running service. Begins to follow its changes at once; `close()` ends that and all subscribers. */
export function buildApi(state: ServiceState, options: ApiOptions): Api {
  const { limits, parts = [] } = options;
  const api: Api = fastify({
    loggerInstance: options.log,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: limits.max_body,
    routerOptions: { maxParamLength: MAX_URL_LENGTH },
    forceCloseConnections: true,
    frameworkErrors: answerError,
    clientErrorHandler: answerClientError,
    genReqId: () => `req-${randomUUID()}`,
    rewriteUrl: ({ url = '/' }) => canonicalUrl(url),
    trustProxy: limits.trust_proxy ?? false,
  });
  api.setValidatorCompiler(checkRequests());
  // Answers are made by tables that also make their schemas; a test holds the two together. So no second filter here.
  api.setSerializerCompiler(() => (data) => JSON.stringify(data));
  api.setErrorHandler(answerError);
  api.setNotFoundHandler(answerNotFound);
  secure(api);
  identify(api, options.access);
  if (limits.cors_origins !== undefined) api.register(cors, { ...CORS, origin: [...limits.cors_origins] });
  api.register(rateLimit, {
    max: limits.requests_per_second,
    timeWindow: MILLIS_PER_SECOND,
    errorResponseBuilder: () => new VigilError('too-many-requests', { limit: limits.requests_per_second }),
  });
  api.register(underPressure, pressure(limits.busy_limit * MILLIS_PER_SECOND));
  describeApi(api, options.version);

  const subscribers = new Subscribers(state, {
    subscribers: limits.max_subscribers,
    changes: limits.changes_kept,
    heartbeat: limits.heartbeat * MILLIS_PER_SECOND,
  });
  const metrics = new Metrics(state, {
    subscribers: () => subscribers.readers.count,
    subscribersCut: () => subscribers.readers.cut,
  });
  for (const part of parts) part.measure?.(metrics.registry);
  measure(api, metrics);
  api.addHook('preClose', async () => subscribers.close());

  api.register((scope: Api, _options, done) => {
    healthRoutes(scope, state);
    healthcheckRoute(scope);
    metricsRoute(scope, metrics);
    for (const part of parts) part.takesIn?.(scope);
    if (options.operationOnly !== true) {
      for (const route of MODEL_ROUTES) route(scope, state);
      changesRoute(scope, subscribers);
      for (const part of parts) part.routes?.(scope);
      pageRoutes(scope, options.page);
      scope.get('/openapi.json', { schema: { hide: true } }, () => api.swagger());
    }
    done();
  });
  return api;
}

/**
 * Beyond so many milliseconds the service answers 503 rather than late. A look in which nothing was measured counts as endless
 * delay, so looks are as far apart as the delay that is too long: a single pause of a second is none.
 */
function pressure(longest: number): { maxEventLoopDelay: number; sampleInterval: number; retryAfter: number } {
  return { maxEventLoopDelay: longest, sampleInterval: longest, retryAfter: RETRY_AFTER };
}

const MODEL_ROUTES = [
  hostsRoute,
  hostRoute,
  hostInstancesRoute,
  instancesRoute,
  instanceRoute,
  placementsRoute,
  aggregatesRoute,
  serverGroupsRoute,
  statsRoute,
  deadLettersRoute,
  driftRoute,
  confirmAbsencesRoute,
  refreshRoute,
  intervalsRoute,
];
