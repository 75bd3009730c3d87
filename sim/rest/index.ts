import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { MILLISECOND } from '../clock/time.ts';
import type { Cloud } from '../cloud.ts';
import type { Actor } from '../state/types.ts';
import { type Api, type Call, queryOf } from './api.ts';
import { type CatalogService, REGION } from './catalog.ts';
import { AGGREGATE_ROUTES } from './compute/aggregates.ts';
import { FLAVOR_ROUTES } from './compute/flavors.ts';
import { HYPERVISOR_ROUTES } from './compute/hypervisors.ts';
import { SERVER_ACTION_ROUTES } from './compute/server-actions.ts';
import { SERVER_GROUP_ROUTES } from './compute/server-groups.ts';
import { MIGRATION_ROUTES } from './compute/server-migrations.ts';
import { SERVER_ROUTES } from './compute/servers.ts';
import { SERVICE_ROUTES } from './compute/services.ts';
import { ApiError, errorBody } from './errors.ts';
import type { RestFault, RestFaults } from './faults.ts';
import { authenticate, PASSWORD, validate } from './identity.ts';
import { COMPUTE, negotiate, PLACEMENT, type VersionRange } from './microversion.ts';
import { PROVIDER_ROUTES } from './placement/providers.ts';
import type { Route } from './routes.ts';
import { Tokens } from './tokens.ts';
import { computeVersion, computeVersions, identityVersion, placementVersions } from './versions.ts';

export type { CatalogService } from './catalog.ts';
export type { RestFault, RestFaults } from './faults.ts';

/** How the REST API is served. */
export interface RestOptions {
  /** Default: any free port. */
  readonly port?: number;
  readonly faults?: RestFaults;
  /** Services beside its own that the catalogue names. */
  readonly services?: readonly CatalogService[];
}

/** A running REST API on 127.0.0.1. */
export interface Rest {
  /** `http://127.0.0.1:PORT`, with `/identity`, `/compute` and `/placement` below it. */
  readonly url: string;
  /** What a client needs to log in, as in clouds.yaml. */
  readonly credentials: {
    readonly auth_url: string;
    readonly username: string;
    readonly password: string;
    readonly project_name: string;
    readonly user_domain_id: string;
    readonly project_domain_id: string;
    readonly region_name: string;
  };
  /** Makes all tokens invalid at once. */
  revokeTokens(): void;
  close(): Promise<void>;
}

const COMPUTE_ROUTES: readonly Route[] = [
  ...SERVER_ROUTES,
  ...SERVER_ACTION_ROUTES,
  ...MIGRATION_ROUTES,
  ...HYPERVISOR_ROUTES,
  ...SERVICE_ROUTES,
  ...AGGREGATE_ROUTES,
  ...SERVER_GROUP_ROUTES,
  ...FLAVOR_ROUTES,
];

/** Serves nova's, placement's and keystone's API of a simulated cloud, as far as they are simulated. */
export async function startRest(cloud: Cloud, catchUp: () => void, options: RestOptions = {}): Promise<Rest> {
  const app = Fastify({
    bodyLimit: 1_048_576,
    forceCloseConnections: true,
    routerOptions: { ignoreTrailingSlash: true },
  });
  const tokens = new Tokens();
  let url = '';
  const faults = options.faults ?? {};
  const api: Api = {
    cloud,
    tokens,
    url: () => url,
    services: options.services ?? [],
    isInDownCell: (instance) => faults.isInDownCell?.(instance) === true,
    isHostInDownCell: (host) => faults.isHostInDownCell?.(host) === true,
  };
  beforeAll(app, api, catchUp, faults);
  identity(app, api);
  versions(app, api);
  for (const route of COMPUTE_ROUTES) serve(app, api, '/compute/v2.1', COMPUTE, route);
  for (const route of PROVIDER_ROUTES) serve(app, api, '/placement', PLACEMENT, route);
  url = await app.listen({ host: '127.0.0.1', port: options.port ?? 0 });
  const { admin } = cloud.fabric;
  return {
    url,
    credentials: {
      auth_url: `${url}/identity/v3`,
      username: admin.userName,
      password: PASSWORD,
      project_name: admin.projectName,
      user_domain_id: 'default',
      project_domain_id: 'default',
      region_name: REGION,
    },
    revokeTokens: () => tokens.revokeAll(),
    close: () => app.close(),
  };
}

type Service = 'compute' | 'placement' | 'identity';

function serviceOf(request: FastifyRequest): Service {
  if (request.url.startsWith('/placement')) return 'placement';
  return request.url.startsWith('/identity') ? 'identity' : 'compute';
}

/** What is done for every call: time catches up, headers that all answers have, faults. */
function beforeAll(app: FastifyInstance, api: Api, catchUp: () => void, faults: RestFaults): void {
  const { cloud } = api;
  app.decorateRequest('simulated');
  app.addHook('onRequest', async (request, reply) => {
    catchUp();
    const { id } = cloud.request(null);
    request.simulated = { requestId: id, version: 0 };
    void reply.headers({
      date: new Date(cloud.now / MILLISECOND).toUTCString(),
      'x-openstack-request-id': id,
      'x-compute-request-id': id,
    });
    const fault = faults.fault?.(request.method, request.url) ?? null;
    if (fault !== null) await suffer(fault, request, reply);
  });
  app.setNotFoundHandler((request, reply) =>
    fail(request, reply, new ApiError(404, 'The resource could not be found.')),
  );
  app.setErrorHandler((error, request, reply) => {
    const status = (error as { statusCode?: number }).statusCode ?? 500;
    const message = error instanceof Error ? error.message : String(error);
    return fail(request, reply, error instanceof ApiError ? error : new ApiError(status, message));
  });
}

function fail(request: FastifyRequest, reply: FastifyReply, error: ApiError): FastifyReply {
  return reply.status(error.status).send(errorBody(serviceOf(request), error, request.simulated.requestId));
}

async function suffer(fault: RestFault, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  if (fault.kind === 'delay') await fault.until;
  else if (fault.kind === 'hang') reply.hijack();
  else if (fault.kind === 'answer') {
    await reply
      .status(fault.status)
      .headers(fault.headers ?? {})
      .send(fault.body ?? '');
  } else {
    const { bytes } = fault;
    const socket = request.raw.socket;
    const write = reply.raw.write.bind(reply.raw);
    reply.raw.end = ((chunk: string | Uint8Array) => {
      write(Buffer.from(chunk as string).subarray(0, bytes), () => socket.destroy());
      return reply.raw;
    }) as typeof reply.raw.end;
  }
}

function identity(app: FastifyInstance, api: Api): void {
  app.get('/identity', (_request, reply) =>
    reply.status(300).send({ versions: { values: [identityVersion(api.url())] } }),
  );
  app.get('/identity/v3', () => ({ version: identityVersion(api.url()) }));
  app.post('/identity/v3/auth/tokens', (request, reply) => authenticate(callOf(request, reply, api)));
  app.get('/identity/v3/auth/tokens', (request, reply) => {
    const call = withActor(callOf(request, reply, api), request);
    return validate(call, String(request.headers['x-subject-token'] ?? ''));
  });
}

function versions(app: FastifyInstance, api: Api): void {
  app.get('/compute', () => computeVersions(api.url()));
  app.get('/compute/v2.1', () => ({ version: computeVersion(api.url()) }));
  app.get('/placement', () => placementVersions());
}

function serve(app: FastifyInstance, api: Api, root: string, range: VersionRange, route: Route): void {
  const [method, path, handler] = route;
  app.route({
    method,
    url: root + path,
    handler: async (request, reply) => {
      const version = negotiate(request.headers, range);
      request.simulated.version = version;
      tellVersion(reply, range, version);
      const answer = handler(withActor(callOf(request, reply, api), request));
      return answer ?? reply.send();
    },
  });
}

function tellVersion(reply: FastifyReply, range: VersionRange, minor: number): void {
  const version = `${range.major}.${minor}`;
  void reply.header('openstack-api-version', `${range.service} ${version}`).header('vary', 'OpenStack-API-Version');
  if (range.service === 'compute') void reply.header('x-openstack-nova-api-version', version);
}

function callOf(request: FastifyRequest, reply: FastifyReply, api: Api): Omit<Call, 'actor' | 'isAdmin'> {
  return {
    api,
    cloud: api.cloud,
    version: request.simulated.version,
    request: { id: request.simulated.requestId, actor: null },
    params: request.params as Record<string, string>,
    query: queryOf(request),
    body: request.body,
    reply,
  };
}

/** Whoever the token belongs to. @throws ApiError 401 */
function withActor(call: Omit<Call, 'actor' | 'isAdmin'>, request: FastifyRequest): Call {
  const id = request.headers['x-auth-token'];
  const token = typeof id === 'string' ? call.api.tokens.find(id, call.cloud.now / MILLISECOND) : null;
  if (token === null) throw new ApiError(401, 'The request you have made requires authentication.');
  const { actor } = token;
  return { ...call, actor, isAdmin: isAdmin(actor), request: { id: call.request.id, actor } };
}

function isAdmin(actor: Actor): boolean {
  return actor.roles.includes('admin');
}
