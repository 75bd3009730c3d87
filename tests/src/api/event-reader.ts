import { type ClientRequest, type IncomingMessage, request } from 'node:http';

/** One server-sent event as a client sees it. `id` is undefined when the event does not change the client's place. */
export interface SentEvent {
  readonly name: string;
  readonly data: Told;
  readonly id: string | undefined;
}

/** All that any event tells; what is not in an event is undefined. */
export interface Told {
  readonly revision: string;
  readonly part: number;
  readonly parts: number;
  readonly kind: string;
  readonly id: string;
  readonly elements: readonly { readonly [field: string]: unknown }[];
  readonly counts: { readonly [kind: string]: number };
  readonly change: string;
  readonly fields: readonly string[];
  readonly before: { readonly [field: string]: unknown } | null;
  readonly after: { readonly [field: string]: unknown } | null;
  readonly cause: { readonly event: string } | null;
  readonly reason: string;
  readonly snapshot: string;
}

/** A client of `/model/changes` that reads as the specification of server-sent events says. */
export class EventReader {
  /** The id a browser would send to come back. */
  lastId = '';
  /** Resolves when the connection is over. */
  readonly ended: Promise<void>;
  readonly answer: IncomingMessage;
  readonly #request: ClientRequest;
  readonly #events: SentEvent[] = [];
  #text = '';
  #wake: () => void = () => undefined;

  private constructor(sent: ClientRequest, answer: IncomingMessage) {
    this.#request = sent;
    this.answer = answer;
    answer.setEncoding('utf8');
    answer.on('data', (text: string) => this.#take(text));
    this.ended = new Promise((resolve) => answer.on('close', resolve));
    answer.on('error', () => undefined); // an aborted answer; `ended` tells
  }

  static connect(address: string, path: string, headers: Record<string, string> = {}): Promise<EventReader> {
    return new Promise((resolve, reject) => {
      const sent = request(`${address}${path}`, { headers });
      sent.on('response', (answer) => resolve(new EventReader(sent, answer)));
      sent.on('error', reject);
      sent.end();
    });
  }

  /** The next event. */
  async next(): Promise<SentEvent> {
    for (;;) {
      const event = this.#events.shift();
      if (event !== undefined) return event;
      await this.#more();
    }
  }

  async take(count: number): Promise<SentEvent[]> {
    const events: SentEvent[] = [];
    while (events.length < count) events.push(await this.next());
    return events;
  }

  /** Resolves when the client's place is this one, be it by an event or by a sign of life. */
  async reached(revision: string): Promise<void> {
    while (this.lastId !== revision) await this.#more();
  }

  /** What was received and not yet taken. */
  rest(): SentEvent[] {
    return this.#events.splice(0);
  }

  close(): void {
    this.#request.destroy();
  }

  #more(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  #take(text: string): void {
    this.#text += text;
    const blocks = this.#text.split('\n\n');
    this.#text = blocks.pop() ?? '';
    for (const block of blocks) this.#read(block);
    this.#wake();
  }

  #read(block: string): void {
    const fields = new Map(
      block.split('\n').map((line) => [line.split(':', 1)[0], line.slice(line.indexOf(':') + 1).trim()]),
    );
    const id = fields.get('id');
    if (id !== undefined) this.lastId = id;
    const data = fields.get('data');
    if (data !== undefined) this.#events.push({ name: fields.get('event') ?? 'message', data: JSON.parse(data), id });
  }
}
