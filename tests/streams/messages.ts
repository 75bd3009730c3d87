import type { Fact } from '../../model/fact.ts';
import { factsOf } from '../../streams/authority/facts.ts';
import { decodeEnvelope } from '../../streams/decode/envelope.ts';
import type { RawMessage } from '../../streams/source.ts';
import { recordings, type Scenario, traces } from './corpus.ts';
import { AFTERWARDS } from './replayed.ts';

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type Data = { [key: string]: Json };

/** The inner message of an envelope, as plain JSON that a test may change. */
export interface Message {
  message_id: string;
  publisher_id: string;
  event_type: string;
  timestamp: string;
  payload: { 'nova_object.data': Data; [key: string]: Json };
}

/** By name: `evacuate` is a trace, `recordings/evacuate` a recording. */
const scenarios: readonly Scenario[] = [
  ...traces(),
  ...recordings().map((scenario) => ({ ...scenario, name: `recordings/${scenario.name}` })),
];

/** All distinct messages there are of real novas. */
export const bodies: readonly Buffer[] = scenarios.flatMap((scenario) => scenario.bodies);

/** One body of each event type, the smallest. */
export function oneOfEach(): ReadonlyMap<string, Buffer> {
  const found = new Map<string, Buffer>();
  for (const body of bodies) {
    const event = messageOf(body).event_type;
    const known = found.get(event);
    if (known === undefined || body.length < known.length) found.set(event, body);
  }
  return found;
}

export function messageOf(body: Uint8Array): Message {
  const outer = JSON.parse(Buffer.from(body).toString('utf8')) as { 'oslo.message': string };
  return JSON.parse(outer['oslo.message']) as Message;
}

/** The messages of a scenario, or those of them of one event type. */
export function recorded(name: string, event?: string): Message[] {
  const scenario = scenarios.find((one) => one.name === name);
  if (scenario === undefined) throw new Error(`there is no scenario ${name}`);
  const messages = scenario.bodies.map(messageOf);
  return event === undefined ? messages : messages.filter(({ event_type }) => event_type === event);
}

/** The first message of an event type in a scenario. */
export function firstOf(name: string, event: string): Message {
  const [message] = recorded(name, event);
  if (message === undefined) throw new Error(`${name} has no ${event}`);
  return message;
}

/** A copy with other payload fields, or with other fields of its own. */
export function changed(message: Message, data: Data, own: Partial<Message> = {}): Message {
  const copy: Message = structuredClone({ ...message, ...own });
  Object.assign(copy.payload['nova_object.data'], data);
  return copy;
}

/** As oslo.messaging writes it: Python's JSON has a space after every colon and comma. */
export function envelope(message: unknown): Buffer {
  return Buffer.from(pythonJson({ 'oslo.version': '2.0', 'oslo.message': pythonJson(message as Json) }));
}

export function factsOfMessage(message: Message, now = AFTERWARDS): readonly Fact[] {
  return factsOf(decodeEnvelope(envelope(message)), now).facts;
}

/** Registers and the values claimed for them. */
export function claimed(message: Message): Record<string, unknown> {
  return Object.fromEntries(factsOfMessage(message).map(({ register, value }) => [register, value]));
}

export function raw(body: Uint8Array, ack: () => void = () => undefined): RawMessage {
  return { body, origin: { transport: 'simulator' }, arrived: 1_790_000_000_000, ack };
}

function pythonJson(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(pythonJson).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    const fields = Object.entries(value).map(([key, field]) => `${JSON.stringify(key)}: ${pythonJson(field)}`);
    return `{${fields.join(', ')}}`;
  }
  return JSON.stringify(value);
}
