import { randomBytes } from 'node:crypto';
import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { inject } from 'vitest';
import { rabbitCtl } from '../../servers/rabbitmq.ts';
import type { SharedDetails } from './share.ts';
import './setup.ts';

/** A server that other test files use too: not to be killed (a test that kills starts its own), nor emptied. */
interface Shared {
  readonly restartable: false;
  /** Unlike any other caller's; put it before every key, exchange, queue, topic and group. */
  readonly prefix: string;
}

export interface SharedRedis extends Shared {
  readonly url: string;
}

export interface SharedRabbit extends Shared {
  /** With a vhost of the caller's own, unless the server is a given one. */
  readonly url: string;
}

export interface SharedKafka extends Shared {
  readonly brokers: readonly string[];
}

/** The run's Redis (append-only file on), or the one VIGIL_TEST_REDIS_URL names. Call in `beforeAll`. */
export async function useRedis(): Promise<SharedRedis> {
  const url = process.env.VIGIL_TEST_REDIS_URL ?? (await ask('redis')).url;
  return { url, restartable: false, prefix: freshPrefix() };
}

/** The run's RabbitMQ, or the one VIGIL_TEST_AMQP_URL names. Call in `beforeAll`. */
export async function useRabbit(): Promise<SharedRabbit> {
  const prefix = freshPrefix();
  const given = process.env.VIGIL_TEST_AMQP_URL;
  if (given !== undefined) return { url: given, restartable: false, prefix };
  const { url, ctlEnv } = await ask('rabbitmq');
  await rabbitCtl(ctlEnv, 'eval', addVhost(prefix, decodeURIComponent(new URL(url).username)));
  return { url: `${url}/${prefix}`, restartable: false, prefix };
}

/** The run's Kafka, or the one VIGIL_TEST_KAFKA_BROKERS names (`HOST:PORT,…`). Call in `beforeAll`. */
export async function useKafka(): Promise<SharedKafka> {
  const brokers = process.env.VIGIL_TEST_KAFKA_BROKERS?.split(',') ?? (await ask('kafka')).brokers;
  return { brokers, restartable: false, prefix: freshPrefix() };
}

/** What `add_vhost` and `set_permissions` do; in one call, since each start of rabbitmqctl takes seconds. */
function addVhost(vhost: string, user: string): string {
  const all = '<<".*">>';
  const acting = '<<"tests">>';
  return `ok = rabbit_vhost:add(<<"${vhost}">>, ${acting}),
    rabbit_auth_backend_internal:set_permissions(<<"${user}">>, <<"${vhost}">>, ${all}, ${all}, ${all}, ${acting}).`;
}

function freshPrefix(): string {
  return `t${randomBytes(6).toString('hex')}`;
}

async function ask<Name extends keyof SharedDetails>(name: Name): Promise<SharedDetails[Name]> {
  const { status, body } = await get(inject('services'), `/${name}`);
  if (status !== 200) throw new Error(body);
  return JSON.parse(body) as SharedDetails[Name];
}

function get(socketPath: string, path: string): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const sent = request({ socketPath, path }, (response) => {
      text(response).then((body) => resolve({ status: response.statusCode ?? 0, body }), reject);
    });
    sent.on('error', reject);
    sent.end();
  });
}
