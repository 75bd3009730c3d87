import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

// Below the range from which the system takes the local ports of outgoing connections, so that the port of a killed
// server is still free when it is started again.
const LOWEST = 20_000;
const HIGHEST = 32_000;
const given = new Set<number>();

/** A free TCP port of 127.0.0.1 that this process has not been given before. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(LOWEST, HIGHEST);
    if (given.has(port) || !(await isFree(port))) continue;
    given.add(port);
    return port;
  }
}

/** The first of so many free ports in a row, for a server that counts its ports from one. */
export async function freePorts(count: number): Promise<number> {
  for (;;) {
    const first = await freePort();
    const ports = Array.from({ length: count }, (_, i) => first + i);
    const free = await Promise.all(ports.slice(1).map(async (port) => !given.has(port) && (await isFree(port))));
    if (!free.every(Boolean)) continue;
    for (const port of ports) given.add(port);
    return first;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });
}
