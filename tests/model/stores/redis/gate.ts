import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A way to a server that can be shut: connections through it break, and none are made until it is opened. */
export interface Gate {
  readonly port: number;
  shut(): void;
  open(): void;
  close(): Promise<void>;
}

/** Opens a gate before a port of 127.0.0.1. */
export async function openGate(target: number): Promise<Gate> {
  const sockets = new Set<Socket>();
  let passing = true;
  const hold = (socket: Socket): void => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
  };
  const server = createServer((inner) => {
    hold(inner);
    if (!passing) return void inner.destroy();
    const outer = connect({ host: '127.0.0.1', port: target });
    hold(outer);
    inner.pipe(outer).pipe(inner);
    inner.on('close', () => outer.destroy());
    outer.on('close', () => inner.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const shut = (): void => {
    passing = false;
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    shut,
    open: () => {
      passing = true;
    },
    close: () => {
      shut();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
