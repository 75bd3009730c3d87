import type { ServerResponse } from 'node:http';
import type { FastifyReply } from 'fastify';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Whether an answer goes on for as long as somebody listens. */
    endless?: boolean;
  }
}

const HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store',
  'x-accel-buffering': 'no',
};

/** What a client waits before it connects again (ms). */
const RETRY = 2_000;

/**
 * Begins an answer of server-sent events. Written to the raw answer rather than with @fastify/sse: that plugin makes each
 * event's text anew for every client and buffers what a slow one does not take.
 */
export function startStream(reply: FastifyReply): ServerResponse {
  reply.hijack();
  const out = reply.raw;
  out.writeHead(200, { ...(reply.getHeaders() as Record<string, string>), ...HEADERS });
  out.write(`retry: ${RETRY}\n\n`);
  return out;
}
