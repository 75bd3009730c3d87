import { connect } from 'node:net';

/** Resolves when something accepts connections on this port of 127.0.0.1, rejects when nothing does. */
export function untilListening(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port }, () => {
      socket.destroy();
      resolve();
    });
    socket.once('error', reject);
  });
}
