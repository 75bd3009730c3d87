import { createServer, connect as dial, type Socket } from 'node:net';
import { freePort } from '../../../servers/ports.ts';

/** A TCP port before a server's, that can be cut off as a network can. */
export interface Proxy {
  readonly port: number;
  /** Ends every connection without a word. */
  cut(): void;
  close(): Promise<void>;
}

export async function openProxy(target: number): Promise<Proxy> {
  const port = await freePort();
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = dial({ host: '127.0.0.1', port: target });
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        sockets.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  const close = (): Promise<void> => {
    cut();
    return new Promise((resolve) => server.close(() => resolve()));
  };
  return { port, cut, close };
}
