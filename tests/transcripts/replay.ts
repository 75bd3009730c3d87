import { setTimeout as pause } from 'node:timers/promises';
import { compare, type Difference } from './compare.ts';
import { type Exchange, RECORDED_ORIGIN, type RecordedRequest } from './exchange.ts';
import type { Names } from './names.ts';

/** Who the recorded client was. */
const IDENTITY = {
  'x-auth-token': 'any',
  'x-user-id': 'bbbbbbbb111122223333444444444444',
  'x-project-id': 'aaaaaaaa111122223333444444444444',
  'x-roles': 'admin',
};

/** What was recorded a moment later than it is asked now is asked again for so long. */
const PATIENCE_MILLIS = 30_000;
const POLL_MILLIS = 50;

/**
 * Sends a recorded request to a Vigil and tells what it answers otherwise. `names` learns whose uuids stand for which. What
 * the engine has still to bring about (a state) is asked for again until it is as recorded.
 */
export async function replay(exchange: Exchange, origin: string, names: Names): Promise<Difference[]> {
  const until = Date.now() + PATIENCE_MILLIS;
  for (;;) {
    const answer = await send(exchange.request, origin, names);
    const trial = names.copy();
    const differences = differencesOf(exchange, answer, trial);
    const early = exchange.request.method === 'GET' && differences.some(isOfProgress);
    if (!early || Date.now() > until) return differencesOf(exchange, answer, names);
    await pause(POLL_MILLIS);
  }
}

/** A state of an audit, plan or action that is not yet what it was. */
function isOfProgress({ field, recorded, answered }: Difference): boolean {
  return field.endsWith('/state') && [recorded, answered].every((state) => /^[A-Z]+$/.test(String(state)));
}

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly json: unknown;
}

async function send(request: RecordedRequest, origin: string, names: Names): Promise<Answer> {
  const { method, path, headers, body, raw } = request;
  const sent = raw ?? (body === undefined ? null : names.translate(JSON.stringify(body)));
  const response = await fetch(`${origin}${names.translate(path)}`, {
    method,
    headers: { ...(request.anonymous ? {} : IDENTITY), ...headers },
    body: sent,
  });
  const text = (await response.text()).replaceAll(origin, RECORDED_ORIGIN);
  return {
    status: response.status,
    headers: localized(response.headers, origin),
    json: text === '' ? undefined : JSON.parse(text),
  };
}

function localized(headers: Headers, origin: string): Headers {
  const location = headers.get('location');
  const copy = new Headers(headers);
  if (location !== null) copy.set('location', location.replace(origin, RECORDED_ORIGIN));
  return copy;
}

function differencesOf({ any_row, request, response }: Exchange, answer: Answer, names: Names): Difference[] {
  const differences: Difference[] = [];
  if (response.status !== answer.status) {
    differences.push({ field: 'status', recorded: response.status, answered: answer.status });
  }
  for (const [name, recorded] of Object.entries(response.headers)) {
    const answered = answer.headers.get(name);
    if (answered === null || !sameHeader(name, recorded, answered, names)) {
      differences.push({ field: `header ${name}`, recorded, answered });
    }
  }
  if (response.fault === undefined) {
    const rigour = any_row || isOfOtherThings(request.path) ? 'shape' : 'values';
    return [...differences, ...compare(response.json, answer.json, names, rigour)];
  }
  return [...differences, ...compare(response.fault, faultOf(answer.json), names, 'words', 'fault')];
}

/** Each request has an id of its own; everything else in a header is compared. */
function sameHeader(name: string, recorded: string, answered: string, names: Names): boolean {
  return name === 'x-openstack-request-id' ? /^req-[0-9a-f-]{36}$/.test(answered) : names.same(recorded, answered);
}

/** Rows in the order of uuids, which are others, and the rows of another cloud. */
function isOfOtherThings(path: string): boolean {
  return /sort_key=(\w+_)?uuid/.test(path) || path.startsWith('/v1/data_model');
}

/** What the doubly encoded body of an error says; undefined when it is none. */
function faultOf(json: unknown): unknown {
  const { error_message: message } = (json ?? {}) as { error_message?: unknown };
  if (typeof message !== 'string') return undefined;
  const fault = JSON.parse(message) as Record<string, unknown>;
  // Where a schema is not met the recording was cut after the first line.
  const { faultstring } = fault;
  return typeof faultstring === 'string' ? { ...fault, faultstring: faultstring.split('\n\n')[0] } : fault;
}
