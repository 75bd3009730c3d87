import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A small exporter of a test's own: what it exposes is the test's to say. */
export interface Exporter {
  /** `127.0.0.1:PORT`. */
  readonly target: string;
  /** Text in Prometheus's format, from now on. */
  text: string;
  close(): Promise<void>;
}

export async function startExporter(text = ''): Promise<Exporter> {
  const exporter = { text };
  const server = createServer((_, response) => {
    response.setHeader('content-type', 'text/plain; version=0.0.4');
    response.end(exporter.text);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return Object.assign(exporter, {
    target: `127.0.0.1:${port}`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  });
}
