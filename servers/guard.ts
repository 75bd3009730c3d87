import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const watchdogFile = fileURLToPath(new URL('./watchdog.mjs', import.meta.url));
let watchdog: ChildProcess | undefined;

/** A process group or a folder that must not outlive this process. */
export interface Guarded {
  readonly group?: number;
  readonly dir?: string;
}

/** From now on the watchdog ends it if this process goes away in any manner, SIGKILL included. */
export function guard(what: Guarded): void {
  tell('add', what);
}

/** It has ended in good order; the watchdog may forget it. */
export function release(what: Guarded): void {
  tell('drop', what);
}

function tell(op: 'add' | 'drop', what: Guarded): void {
  watchdog ??= start();
  watchdog.stdin?.write(`${JSON.stringify({ op, ...what })}\n`);
}

function start(): ChildProcess {
  // A worker of the test runner lives on when the runner dies while a test is waiting; its servers would too.
  process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'));
  // In a session of its own, so that a ^C or the end of a terminal does not reach it.
  const child = spawn(process.execPath, [watchdogFile], { detached: true, stdio: ['pipe', 'ignore', 'inherit'] });
  child.unref();
  (child.stdin as unknown as { unref?: () => void } | null)?.unref?.();
  return child;
}

/** A new empty folder, guarded until `removeTempDir`. */
export async function makeTempDir(name: string): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), `vigil-${name}-`));
  guard({ dir });
  return dir;
}

export async function removeTempDir(dir: string): Promise<void> {
  await rm(dir, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  release({ dir });
}
