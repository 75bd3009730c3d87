import { execFile } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A program that tests and benchmarks need and the Debian package it comes in. */
export interface Tool {
  readonly command: string;
  readonly package: string;
  /** Arguments with which the command must succeed, where being there is not enough: it may lack a part. */
  readonly proof?: readonly string[];
}

export const TOOLS = {
  redis: [{ command: 'redis-server', package: 'redis-server' }],
  rabbitmq: [{ command: 'rabbitmq-server', package: 'rabbitmq-server' }],
  kafka: [
    { command: 'java', package: 'default-jre-headless' },
    { command: 'mvn', package: 'maven' },
  ],
  chromium: [{ command: 'chromium', package: 'chromium' }],
  prometheus: [{ command: 'prometheus', package: 'prometheus' }],
  mariadb: [
    { command: 'mariadbd', package: 'mariadb-server-core' },
    { command: 'mariadb', package: 'mariadb-client-core' },
  ],
  openssl: [{ command: 'openssl', package: 'openssl' }],
  python: [{ command: 'python3', package: 'python3-venv', proof: ['-c', 'import ensurepip, venv'] }],
} as const satisfies Record<string, readonly Tool[]>;

/** Debian puts some servers where an ordinary user's PATH does not look. */
const FOLDERS = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin'];

/** The full path of a program, or undefined when it is not installed. */
export function find(command: string, folders: readonly string[] = FOLDERS): string | undefined {
  return folders.map((folder) => join(folder, command)).find(isExecutable);
}

/** The full path of a program of a tool that `obtain` was called for. */
export function path(command: string): string {
  const found = find(command);
  if (found === undefined) throw new Error(`${command} is not installed`);
  return found;
}

/**
 * Install what is missing with apt-get when this user may, otherwise say exactly what to install.
 * @throws Error with that message, or with apt-get's own
 */
export async function obtain(tools: readonly Tool[]): Promise<void> {
  const missing = await notThere(tools);
  if (missing.length === 0) return;
  const packages = [...new Set(missing.map((tool) => tool.package))];
  const apt = find('apt-get');
  const prefix = await privilege();
  if (apt === undefined || prefix === undefined) throw new Error(whatIsMissing(missing, packages));
  console.error(`installing: ${packages.join(' ')}`);
  // RUNLEVEL=1 keeps the packages from starting their servers as system services.
  const environment = ['env', 'RUNLEVEL=1', 'DEBIAN_FRONTEND=noninteractive', apt];
  try {
    await runAs(prefix, [...environment, 'update']);
    await runAs(prefix, [...environment, 'install', '-y', '--no-install-recommends', ...packages]);
  } catch (error) {
    throw new Error(`${whatIsMissing(missing, packages)}\napt-get could not: ${(error as Error).message}`);
  }
  const still = await notThere(missing);
  if (still.length > 0) throw new Error(`${whatIsMissing(still, packages)}\napt-get installed them, to no avail`);
}

async function notThere(tools: readonly Tool[]): Promise<readonly Tool[]> {
  const there = await Promise.all(tools.map(isThere));
  return tools.filter((_, i) => there[i] !== true);
}

async function isThere({ command, proof }: Tool): Promise<boolean> {
  const found = find(command);
  if (found === undefined || proof === undefined) return found !== undefined;
  return run(found, [...proof]).then(
    () => true,
    () => false,
  );
}

/** The message for somebody who has to install it by hand. */
export function whatIsMissing(missing: readonly Tool[], packages: readonly string[]): string {
  const commands = missing.map(({ command }) => command).join(', ');
  return `${commands} missing; install the Debian packages: apt-get install --no-install-recommends ${packages.join(' ')}`;
}

/** What to put before a command that needs root: nothing, `sudo -n`, or undefined when there is no way. */
async function privilege(): Promise<readonly string[] | undefined> {
  if (process.getuid?.() === 0) return [];
  if (find('sudo') === undefined) return undefined;
  return run('sudo', ['-n', 'true']).then(
    () => ['sudo', '-n'],
    () => undefined,
  );
}

async function runAs(prefix: readonly string[], command: readonly string[]): Promise<void> {
  const [program = '', ...args] = [...prefix, ...command];
  await run(program, args, { maxBuffer: 64 * 1024 * 1024 });
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch (error) {
    if (['ENOENT', 'EACCES', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return false;
    throw error;
  }
}
