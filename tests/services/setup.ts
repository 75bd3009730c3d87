import type { TestProject } from 'vitest/node';
import { obtainKafka } from './kafka-distribution.ts';
import { obtain, TOOLS } from './obtain.ts';
import { openShare, type Share } from './share.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** See `Share.socket`. */
    services: string;
  }
}

// The projects of one run, each of which calls this file, share one set of servers.
const shared = globalThis as { vigilShare?: { readonly share: Promise<Share>; users: number } | undefined };

/** Vitest's global setup of the projects that need real servers. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  shared.vigilShare ??= { share: prepare(), users: 0 };
  const { vigilShare } = shared;
  vigilShare.users += 1;
  const share = await vigilShare.share;
  project.provide('services', share.socket);
  return async () => {
    vigilShare.users -= 1;
    if (vigilShare.users > 0) return;
    shared.vigilShare = undefined;
    await share.close();
  };
}

/** Downloads happen here, where no test's time limit counts; what cannot be had fails the tests that ask for it. */
async function prepare(): Promise<Share> {
  const { VIGIL_TEST_REDIS_URL: redis, VIGIL_TEST_AMQP_URL: amqp, VIGIL_TEST_KAFKA_BROKERS: kafka } = process.env;
  const packages = [
    ...TOOLS.chromium,
    ...TOOLS.openssl,
    ...(redis === undefined ? TOOLS.redis : []),
    ...(amqp === undefined ? TOOLS.rabbitmq : []),
    ...(kafka === undefined ? TOOLS.kafka : []),
  ];
  try {
    await obtain(packages);
    if (kafka === undefined) await obtainKafka();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
  }
  return openShare();
}
