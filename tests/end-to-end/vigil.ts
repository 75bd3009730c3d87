import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { stringify } from 'yaml';
import { makeTempDir } from '../../servers/guard.ts';
import { freePort } from '../../servers/ports.ts';
import { type Server, startServer } from '../../servers/process.ts';

const ROOT = join(import.meta.dirname, '../..');
const POLL_MILLIS = 200;
const PATIENCE_MILLIS = 90_000;
const PAGE = 1_000;

/** A Vigil in a process of its own, as an operator runs it: from one configuration file. */
export interface Vigil extends Server {
  readonly url: string;
  get<T>(path: string): Promise<T>;
  /** Every instance, page by page. */
  instances(): Promise<ShownInstance[]>;
}

/** What is read of an instance of /model/instances. */
export interface ShownInstance {
  readonly uuid: string;
  readonly host: string | null;
  readonly node: string | null;
  readonly state: string | null;
  readonly task_state: string | null;
}

/**
 * Starts Vigil with a configuration (its `listen`, and the embedded store's directory, are filled in), and with variables
 * besides this process's own.
 */
export async function startVigil(config: object, environment: Record<string, string> = {}): Promise<Vigil> {
  const dir = await makeTempDir('vigil');
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const whole = {
    store: { kind: 'embedded', path: `${dir}/data` },
    log: { format: 'json' },
    ...config,
    listen: { port },
  };
  await writeFile(`${dir}/vigil.yaml`, stringify(whole));
  const get = async <T>(path: string): Promise<T> => {
    const response = await fetch(url + path);
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  };
  const server = await startServer({
    name: 'vigil',
    dir,
    command: process.execPath,
    args: [join(ROOT, 'scripts/vigil.mjs'), 'serve', '--config', `${dir}/vigil.yaml`],
    env: { ...process.env, ...environment },
    ready: async () => void (await get('/healthz')),
  });
  return { ...server, url, get, instances: () => allInstances(get) };
}

async function allInstances(get: Vigil['get']): Promise<ShownInstance[]> {
  const all: ShownInstance[] = [];
  let marker: string | null = '';
  while (marker !== null) {
    const query: string = marker === '' ? '' : `&marker=${marker}`;
    const page: { instances: ShownInstance[]; next_marker: string | null } = await get(
      `/model/instances?limit=${PAGE}&fields=uuid,host,node,state,task_state${query}`,
    );
    all.push(...page.instances);
    marker = page.next_marker;
  }
  return all;
}

/** Asks again and again until the answer is the wanted one; fails with the last answer when it never is. */
export async function eventually<T>(ask: () => Promise<T>, wanted: (answer: T) => boolean): Promise<T> {
  const until = Date.now() + PATIENCE_MILLIS;
  let last: unknown;
  while (Date.now() < until) {
    try {
      const answer = await ask();
      if (wanted(answer)) return answer;
      last = answer;
    } catch (error) {
      last = error;
    }
    await pause(POLL_MILLIS);
  }
  throw new Error(
    `never came true; last: ${last instanceof Error ? last.message : JSON.stringify(last)?.slice(0, 2_000)}`,
  );
}
