import { createHash } from 'node:crypto';
import { mkdir, rm, stat } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A hold on a directory that ends with the process, however it ends. */
export interface Lock {
  release(): Promise<void>;
}

/**
 * Makes a directory this process's own. A listening local socket is the lock: the system closes it when the process dies, so
 * nothing stale is left that would need guessing. It is named after the directory itself, which may be known by many paths.
 */
export async function lockDirectory(path: string): Promise<Lock> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  const { dev, ino } = await stat(path, { bigint: true });
  const name = `vigil-${createHash('sha256').update(`${dev}:${ino}`).digest('hex').slice(0, 32)}.lock`;
  const server = await (process.platform === 'linux' ? listen(`\0${name}`) : listenOnFile(join(tmpdir(), name)));
  if (server === null) {
    throw new Error('another process has it open: stop it, or use Redis for several processes');
  }
  server.unref();
  return { release: () => new Promise((resolve) => server.close(() => resolve())) };
}

/** Where sockets are files one whose owner died refuses connections: it is removed and taken. (Linux's need no file.) */
async function listenOnFile(socket: string): Promise<Server | null> {
  const server = await listen(socket);
  if (server !== null || (await answers(socket))) return server;
  await rm(socket, { force: true });
  return listen(socket);
}

function listen(socket: string): Promise<Server | null> {
  return new Promise((resolve, reject) => {
    const server = createServer((client) => client.destroy());
    server.once('listening', () => resolve(server));
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(null) : reject(error),
    );
    server.listen(socket);
  });
}

function answers(socket: string): Promise<boolean> {
  return new Promise((resolve) => {
    const client = connect(socket);
    client.once('connect', () => {
      client.destroy();
      resolve(true);
    });
    client.once('error', () => resolve(false));
  });
}
