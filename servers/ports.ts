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

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });
}
