import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { path } from './obtain.ts';

const run = promisify(execFile);

/** The client of Watcher's API, and the OpenStack client that it is a part of; from PyPI. */
const PACKAGES = ['python-watcherclient==4.11.0', 'python-openstackclient==10.5.0'];
const PIP = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-input'];

/** The Python that has the clients. Run them as its modules: the programs beside it name the place where they were made. */
export function watcherClientPython(): string {
  return join(folder(), 'bin/python');
}

/** Where the clients are kept from run to run. */
function folder(): string {
  const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache');
  return join(cache, 'vigil', PACKAGES.join('+').replaceAll('==', '-'));
}

/**
 * Install the clients in a virtual environment of their own unless it is there already.
 * @throws Error with pip's message
 */
export async function obtainWatcherClient(): Promise<void> {
  const wanted = folder();
  if (existsSync(wanted)) return;
  await mkdir(join(wanted, '..'), { recursive: true });
  const work = await mkdtemp(`${wanted}.`); // renamed when complete: a broken download is never taken for a whole one
  console.error(`downloading ${PACKAGES.join(', ')}`);
  try {
    await run(path('python3'), ['-m', 'venv', work]);
    await run(join(work, 'bin/python'), [...PIP, ...PACKAGES], { maxBuffer: 64 * 1024 * 1024 });
    await rename(work, wanted).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error; // another run was faster
    });
  } catch (error) {
    const { stderr = '', message } = error as { stderr?: string; message: string };
    throw new Error(`${PACKAGES.join(', ')} (PyPI) could not be put in ${wanted}: ${message}\n${stderr}`);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}
