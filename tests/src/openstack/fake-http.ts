import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as a fake service sees it. */
export interface Heard {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: unknown;
}

/** What a fake service answers. */
export interface Said {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** Sent as it is instead of a body. */
  readonly text?: string;
}

/** Something to go wrong at the next requests that match, instead of the answer. */
export interface Fault {
  readonly match: (heard: Heard) => boolean;
  /** How often; for ever when left out. */
  times?: number;
  readonly say?: Said;
  /** Never answers, closes without an answer, or closes in the middle of the proper answer. */
  readonly act?: 'hang' | 'close' | 'half';
}

/** A service on a free loopback port whose answers and faults a test decides. */
export class FakeHttp {
  readonly heard: Heard[] = [];
  readonly faults: Fault[] = [];
  /** Moves the clock of the Date headers, in milliseconds. */
  clockOff = 0;
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(answer: (heard: Heard) => Said | Promise<Said>): Promise<FakeHttp> {
    const server = createServer();
    const fake = new FakeHttp(server);
    server.on('request', (request, response) => void fake.#serve(request, response, answer));
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    return fake;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The paths asked for, in order, without queries. */
  paths(): string[] {
    return this.heard.map(({ method, path }) => `${method} ${path}`);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((closed) => this.#server.close(closed));
  }

  async #serve(
    request: IncomingMessage,
    response: ServerResponse,
    answer: (heard: Heard) => Said | Promise<Said>,
  ): Promise<void> {
    let text = '';
    for await (const chunk of request) text += String(chunk);
    const url = new URL(request.url ?? '/', 'http://fake');
    const heard: Heard = {
      method: request.method ?? '',
      path: url.pathname,
      query: url.searchParams,
      headers: request.headers,
      body: text === '' ? null : JSON.parse(text),
    };
    this.heard.push(heard);
    const fault = this.#faultFor(heard);
    if (fault?.act === 'hang') return;
    if (fault?.act === 'close') return void request.socket.destroy();
    const said = fault?.say ?? (await answer(heard));
    const body = said.text ?? (said.body === undefined ? '' : JSON.stringify(said.body));
    response.sendDate = false;
    response.writeHead(said.status ?? 200, {
      date: new Date(Date.now() + this.clockOff).toUTCString(),
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      'x-openstack-request-id': `req-${this.heard.length}`,
      ...said.headers,
    });
    if (fault?.act !== 'half') return void response.end(body);
    response.write(body.slice(0, body.length / 2), () => request.socket.destroy());
  }

  #faultFor(heard: Heard): Fault | undefined {
    const fault = this.faults.find(({ match, times }) => match(heard) && times !== 0);
    if (fault?.times !== undefined) fault.times -= 1;
    return fault;
  }
}
