import { ask, Refused } from './access.ts';

/** What is told of a stream of server-sent events. */
export interface EventHandlers {
  readonly onConnected: (connected: boolean) => void;
  readonly onEvent: (name: string, data: string) => void;
}

/** A stream that broke off is begun anew after so long (ms), after the last event that was seen. */
const RETRY = 2_000;
const FORBIDDEN = 403;

/** Follows a stream of this service for ever, unless whoever looks may not. An EventSource could not say who asks. */
export async function followEvents(path: string, { onConnected, onEvent }: EventHandlers): Promise<void> {
  let lastId = '';
  for (;;) {
    try {
      const headers = { accept: 'text/event-stream', ...(lastId === '' ? {} : { 'last-event-id': lastId }) };
      const response = await ask(path, { headers });
      onConnected(true);
      for await (const block of blocksOf(response.body)) {
        const { id, name, data } = readBlock(block);
        if (id !== null) lastId = id;
        if (data !== '') onEvent(name, data);
      }
    } catch (error) {
      if (error instanceof Refused && error.status === FORBIDDEN) return;
      // Whatever else it was, the next try tells whether it is over.
    }
    onConnected(false);
    await new Promise((resolve) => setTimeout(resolve, RETRY));
  }
}

/** The blocks of lines between empty lines. */
async function* blocksOf(body: ReadableStream<Uint8Array> | null): AsyncGenerator<string> {
  const reader = body?.getReader();
  const decoder = new TextDecoder();
  let text = '';
  for (;;) {
    const { done, value } = (await reader?.read()) ?? { done: true, value: undefined };
    if (done) return;
    text += decoder.decode(value, { stream: true });
    const blocks = text.split('\n\n');
    text = blocks.pop() ?? '';
    yield* blocks;
  }
}

function readBlock(block: string): { readonly id: string | null; readonly name: string; readonly data: string } {
  let [id, name, data]: [string | null, string, string] = [null, 'message', ''];
  for (const line of block.split('\n')) {
    if (line.startsWith('id: ')) id = line.slice(4);
    if (line.startsWith('event: ')) name = line.slice(7);
    if (line.startsWith('data: ')) data += line.slice(6);
  }
  return { id, name, data };
}
