import { createServer, type ServerResponse } from 'node:http';
import { makeTempDir, removeTempDir } from '../../servers/guard.ts';
import { startKafka } from '../../servers/kafka.ts';
import { startRabbit } from '../../servers/rabbitmq.ts';
import { startRedis } from '../../servers/redis.ts';

/** What the test files of one run share, by the name they ask for it; data only, since they run in other processes. */
export interface SharedDetails {
  redis: { readonly url: string };
  rabbitmq: { readonly url: string; readonly ctlEnv: Readonly<Record<string, string>> };
  kafka: { readonly brokers: readonly string[] };
}

type Started = { readonly details: SharedDetails[keyof SharedDetails]; stop(): Promise<void> };

const STARTERS: Record<keyof SharedDetails, () => Promise<Started>> = {
  redis: async () => {
    const { url, stop } = await startRedis();
    return { details: { url }, stop };
  },
  rabbitmq: async () => {
    const { url, ctlEnv, stop } = await startRabbit();
    return { details: { url, ctlEnv }, stop };
  },
  kafka: async () => {
    const { brokers, stop } = await startKafka();
    return { details: { brokers }, stop };
  },
};

export interface Share {
  /** The unix socket on which `GET /NAME` starts a server unless it runs, and answers with its details. */
  readonly socket: string;
  /** End all that was started. */
  close(): Promise<void>;
}

/** Open the place where test files get the run's servers. Nothing is started until the first of them asks. */
export async function openShare(): Promise<Share> {
  const dir = await makeTempDir('share');
  const socket = `${dir}/socket`;
  const started = new Map<string, Promise<Started>>();

  const answer = async (name: string, response: ServerResponse): Promise<void> => {
    try {
      if (!isShared(name)) throw new Error(`no server is called ${name}`);
      const running = started.get(name) ?? STARTERS[name]();
      started.set(name, running);
      const { details } = await running;
      response.end(JSON.stringify(details));
    } catch (error) {
      response.writeHead(500).end(error instanceof Error ? error.message : String(error));
    }
  };

  const server = createServer((request, response) => void answer((request.url ?? '').slice(1), response));
  await new Promise<void>((resolve) => server.listen(socket, resolve));

  const close = async (): Promise<void> => {
    server.close();
    const ended = await Promise.allSettled([...started.values()].map(async (running) => (await running).stop()));
    await removeTempDir(dir);
    const failed = ended.find((result) => result.status === 'rejected');
    if (failed !== undefined) console.error('a server of the tests:', failed.reason);
  };
  return { socket, close };
}

function isShared(name: string): name is keyof SharedDetails {
  return Object.hasOwn(STARTERS, name);
}
