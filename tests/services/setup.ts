import type { TestProject } from 'vitest/node';
import { makeTempDir } from '../../servers/guard.ts';
import { obtainKafka } from '../../servers/kafka-distribution.ts';
import { obtain, TOOLS } from '../../servers/obtain.ts';
import { obtainWatcherClient } from '../../servers/watcher-client.ts';
import { openShare, type Share } from './share.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** See `Share.socket`. */
    services: string;
  }
}

// The projects of one run, each of which calls this file, share one set of servers.
const shared = globalThis as { vigilRun?: { readonly run: Promise<Run>; users: number } | undefined };

interface Run {
  readonly share: Share;
  end(): Promise<void>;
}

/** Vitest's global setup of the projects that need real servers. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  shared.vigilRun ??= { run: begin(), users: 0 };
  const { vigilRun } = shared;
  vigilRun.users += 1;
  const { share, end } = await vigilRun.run;
  project.provide('services', share.socket);
  return async () => {
    vigilRun.users -= 1;
    if (vigilRun.users > 0) return;
    shared.vigilRun = undefined;
    await end();
  };
}

/** All temporary files of the run's processes go to one guarded folder: libraries leave theirs when they are killed. */
async function begin(): Promise<Run> {
  await download();
  const dir = await makeTempDir('run');
  const before = process.env.TMPDIR;
  process.env.TMPDIR = dir;
  const share = await openShare();
  const end = async (): Promise<void> => {
    await share.close();
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
    // The folder is left to the watchdog: a worker that was interrupted may still be writing to it.
  };
  return { share, end };
}

/** Here no test's time limit counts. What cannot be had is said again, as their failure, to the tests that ask for it. */
async function download(): Promise<void> {
  const { VIGIL_TEST_REDIS_URL: redis, VIGIL_TEST_AMQP_URL: amqp, VIGIL_TEST_KAFKA_BROKERS: kafka } = process.env;
  const packages = [
    ...TOOLS.chromium,
    ...TOOLS.openssl,
    ...TOOLS.python,
    ...(redis === undefined ? TOOLS.redis : []),
    ...(amqp === undefined ? TOOLS.rabbitmq : []),
    ...(kafka === undefined ? TOOLS.kafka : []),
  ];
  try {
    await obtain(packages);
    if (kafka === undefined) await obtainKafka();
    await obtainWatcherClient();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
  }
}
