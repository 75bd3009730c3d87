import { execFile } from 'node:child_process';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { MINI_CLOUD, miniCloudVenv } from '../../scripts/mini-cloud.mjs';
import { guard, makeTempDir, release, removeTempDir } from '../../servers/guard.ts';
import { obtain, TOOLS } from '../../servers/obtain.ts';
import { freePorts } from '../../servers/ports.ts';

const run = promisify(execFile);

/** As the program itself takes them. */
export interface MiniSettings {
  readonly notifications: 'rabbit' | 'kafka';
  /** nova's notify_on_state_change; `none` is nova's default. */
  readonly stateChange: 'none' | 'vm_and_task_state';
  /** HOST:PORT of a broker, for `kafka`. */
  readonly kafka?: string;
}

/** What of nova's fake hypervisors can be made to fail. */
export type FailingOperation =
  | 'spawn'
  | 'pre_live_migration'
  | 'live_migration'
  | 'live_migration_raise'
  | 'finish_migration';

const PORTS = 10;
/** How long a live migration copies: long enough to be aborted on a busy machine. */
const COPYING_SECONDS = '4';

/** A real cloud on this machine whose processes can be killed and whose hypervisors fail when told to. */
export class MiniCloud {
  readonly #dir: string;

  private constructor(dir: string) {
    this.#dir = dir;
  }

  /** One that runs already, and goes on when the tests have ended. */
  static at(dir: string): MiniCloud {
    return new MiniCloud(dir);
  }

  /** Brings one up: minutes the first time, when its Python packages have to be had. */
  static async up(settings: MiniSettings): Promise<MiniCloud> {
    await obtain([...TOOLS.rabbitmq, ...TOOLS.mariadb, ...TOOLS.python]);
    const cloud = new MiniCloud(await makeTempDir('mini-cloud'));
    await cloud.#up(settings, ['--port-base', String(await freePorts(PORTS))]);
    return cloud;
  }

  /** The variables that name it: OS_*, MINI_*. */
  async environment(): Promise<Record<string, string>> {
    const lines = (await this.#do('env')).matchAll(/^export (\w+)=(.*)$/gm);
    return Object.fromEntries([...lines].map(([, name = '', value = '']) => [name, value]));
  }

  /** Starts nova anew with other settings; what it holds stays. */
  async change(settings: MiniSettings): Promise<void> {
    const nova = (await this.#processes()).filter((name) => name.startsWith('nova-'));
    await Promise.all(nova.map((name) => this.kill(name)));
    await this.#up(settings, []);
  }

  async kill(name: string): Promise<void> {
    await this.#do('service', 'kill', name);
  }

  /** Ends one process in good order. */
  async stop(name: string): Promise<void> {
    await this.#do('service', 'stop', name);
  }

  /** Lets nova find compute services that are new. */
  async discover(): Promise<void> {
    await this.#do('discover');
  }

  async start(name: string): Promise<void> {
    await this.#do('service', 'start', name);
    if (this.#guarded.size > 0) await this.#guard();
  }

  /** While it does the work, the hypervisor of a host fails at that. */
  async failing(faults: readonly (readonly [host: string, what: FailingOperation])[], work: () => Promise<void>) {
    const files = faults.map(([host, what]) => join(this.#dir, host, `fail-${what}`));
    for (const file of files) await writeFile(file, '');
    try {
      await work();
    } finally {
      for (const file of files) await rm(file);
    }
  }

  /** Ends all of it and forgets what it held. */
  async down(): Promise<void> {
    const processes = await this.#processes();
    await Promise.all(processes.map((name) => this.kill(name)));
    for (const group of this.#guarded) release({ group });
    await removeTempDir(this.#dir);
  }

  async #up({ notifications, stateChange, kafka }: MiniSettings, more: readonly string[]): Promise<void> {
    const given = ['--notifications', notifications, '--state-change', stateChange];
    try {
      await this.#do('up', ...given, ...(kafka === undefined ? [] : ['--kafka', kafka]), ...more);
    } finally {
      await this.#guard();
    }
  }

  async #do(command: string, ...args: string[]): Promise<string> {
    const env = { ...process.env, MINI_VENV: miniCloudVenv(), MINI_LM_SECONDS: COPYING_SECONDS };
    const { stdout } = await run(MINI_CLOUD, [command, this.#dir, ...args], { env });
    return stdout;
  }

  async #processes(): Promise<string[]> {
    const files = await readdir(join(this.#dir, 'run'));
    return files.filter((file) => file.endsWith('.pid')).map((file) => file.slice(0, -'.pid'.length));
  }

  readonly #guarded = new Set<number>();

  /** Each process leads a group, and must not outlive this one. */
  async #guard(): Promise<void> {
    for (const name of await this.#processes()) {
      const group = Number.parseInt(await readFile(join(this.#dir, 'run', `${name}.pid`), 'utf8'), 10);
      if (Number.isNaN(group) || this.#guarded.has(group)) continue;
      this.#guarded.add(group);
      guard({ group });
    }
  }
}
