import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { guard, release, removeTempDir } from './guard.ts';

/** How to start one server and how to tell that it answers. */
export interface ServerSpec {
  readonly name: string;
  /** Its own temporary folder (`makeTempDir`): data, settings, log. Removed by `stop`. */
  readonly dir: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  /** Rejects as long as the server does not serve. */
  ready(): Promise<void>;
}

/** A running server process; all its state is in its folder, so it can be killed and started again. */
export interface Server {
  readonly dir: string;
  /** SIGKILL to all its processes, at once. */
  kill(): Promise<void>;
  /** A signal to all its processes, such as SIGSTOP. */
  signal(name: NodeJS.Signals): void;
  /** Start it again on the same ports and data (killed first when it runs); resolves when it serves. */
  restart(): Promise<void>;
  /** End it and remove its folder. */
  stop(): Promise<void>;
}

const STARTUP_MS = 90_000;

/** Start a server in a process group of its own and wait until it serves; otherwise the error holds its log's end. */
export async function startServer(spec: ServerSpec): Promise<Server> {
  const log = `${spec.dir}/${spec.name}.log`;
  let child: ChildProcess | undefined;

  const kill = async (): Promise<void> => {
    const running = child;
    child = undefined;
    if (running?.pid === undefined) return;
    await endGroup(running, running.pid);
    release({ group: running.pid });
  };

  const signal = (name: NodeJS.Signals): void => {
    if (child?.pid !== undefined) process.kill(-child.pid, name);
  };

  const start = async (): Promise<void> => {
    await kill();
    const started = spawnLogged(spec, log);
    child = started;
    if (started.pid !== undefined) guard({ group: started.pid });
    await untilReady(spec, started, log);
  };

  const stop = async (): Promise<void> => {
    await kill();
    await removeTempDir(spec.dir);
  };

  try {
    await start();
  } catch (error) {
    await stop();
    throw error;
  }
  return { dir: spec.dir, kill, signal, restart: start, stop };
}

function spawnLogged({ command, args, env, dir }: ServerSpec, log: string): ChildProcess {
  const fd = openSync(log, 'a');
  try {
    return spawn(command, args, { cwd: dir, env: env ?? process.env, detached: true, stdio: ['ignore', fd, fd] });
  } finally {
    closeSync(fd);
  }
}

async function endGroup(leader: ChildProcess, group: number): Promise<void> {
  const exited = new Promise<void>((resolve) => {
    if (leader.exitCode !== null || leader.signalCode !== null) resolve();
    else leader.once('exit', () => resolve());
  });
  try {
    process.kill(-group, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
  await exited;
}

async function untilReady(spec: ServerSpec, child: ChildProcess, log: string): Promise<void> {
  let failure: Error | undefined;
  child.once('error', (error) => {
    failure = error;
  });
  const deadline = Date.now() + STARTUP_MS;
  for (;;) {
    if (child.exitCode !== null || child.signalCode !== null) failure ??= new Error('it ended');
    if (failure !== undefined) throw startupError(spec, failure, log);
    try {
      await spec.ready();
      return;
    } catch (error) {
      if (Date.now() > deadline) throw startupError(spec, error, log);
    }
    await sleep(100);
  }
}

function startupError({ name, command }: ServerSpec, cause: unknown, log: string): Error {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const tail = readFileSync(log, 'utf8').split('\n').slice(-40).join('\n');
  return new Error(`${name} (${command}) did not come up: ${reason}\n${tail}`, { cause });
}
