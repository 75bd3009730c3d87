import type { FastifyReply, FastifyRequest } from 'fastify';
import { varyBy } from '../vary.ts';
import { Fault } from './fault.ts';
import { MAX_VERSION, MIN_VERSION, negotiate, VERSION_HEADER } from './microversion.ts';
import { acceptsJson, RoutingError } from './routing-error.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The minor version of API v1 that the request is answered in. */
    minor: number;
  }
}

/** Finds the version that a request is answered in, and says so in the answer. */
export async function checkVersion(request: FastifyRequest, reply: FastifyReply): Promise<void> {
  if (!acceptsJson(request.headers.accept)) throw new RoutingError(406);
  const header = request.headers[VERSION_HEADER.toLowerCase()];
  const version = negotiate(Array.isArray(header) ? header.join(',') : header);
  if (version.kind === 'malformed') throw new RoutingError(406, version.problem);
  varyBy(reply, VERSION_HEADER);
  reply.headers({
    'openstack-api-minimum-version': MIN_VERSION,
    'openstack-api-maximum-version': MAX_VERSION,
  });
  if (version.kind === 'unsupported') throw new RoutingError(406, version.problem);
  request.minor = version.minor;
  reply.header('openstack-api-version', `infra-optim 1.${version.minor}`);
}

/** Refuses what the version asked for does not have. */
export function needVersion(request: FastifyRequest, minor: number): void {
  if (request.minor < minor) throw new Fault('not-acceptable');
}
