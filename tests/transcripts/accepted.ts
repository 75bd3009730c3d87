import type { Difference } from './compare.ts';
import type { Exchange } from './exchange.ts';

/** Something that Vigil answers otherwise than Watcher, on purpose. */
export interface Accepted {
  /** What Watcher does, what Vigil does, and why, for people. */
  readonly watcher: string;
  readonly vigil: string;
  readonly why: string;
  /** Whether it covers a difference of an exchange. */
  readonly covers: (difference: Difference, exchange: Exchange) => boolean;
}

/** All of them; docs/compatibility.md lists them from here. */
export const ACCEPTED: readonly Accepted[] = [
  {
    watcher:
      'answers 500 to `null` names, names over 63 characters, malformed scopes and intervals, lists where an object is wanted, ' +
      '`remove` of an audit’s `/state`, and to errors where XML is asked for',
    vigil: '400 or 406, with a text that names the field',
    why: 'these are mistakes of the request',
    covers: ({ field, answered }, { response }) =>
      response.status === 500 && (field !== 'status' || (Number(answered) >= 400 && Number(answered) < 500)),
  },
  {
    watcher:
      '404 for something below an item (`/v1/goals/dummy/detail`): `The %(name)s resource %(id)s could not be found`',
    vigil: 'the same status, with a text that says what was looked for',
    why: 'the text was never filled in',
    covers: ({ field, recorded }) => field === 'fault/faultstring' && String(recorded).includes('%(name)s'),
  },
  {
    watcher: 'some parameters of strategies have no description',
    vigil: 'all have one',
    why: 'the same schemas make the documentation',
    covers: ({ field, recorded }) => recorded === undefined && /parameters_spec.*\/description$/.test(field),
  },
  {
    watcher: '`/v1/strategies/…/state` names the driver of the data source, or says that there is none',
    vigil: 'it says what Vigil measures itself; a comment says when Vigil cannot decide by a strategy yet',
    why: 'Vigil takes measurements in itself, and says beforehand what it would refuse',
    covers: ({ field }, { request }) =>
      request.path.endsWith('/state') && (/^\/\d\/comment$/.test(field) || /^\/[01]\/state/.test(field)),
  },
  {
    watcher:
      "says of a parameter that does not fit `'x' is not of type 'number'`, and of a time `Unknown string format: %s`",
    vigil: 'begins with the same words, then names the parameter and what it must be, or the time',
    why: 'the message says what is to be corrected',
    covers: ({ field, recorded, answered }) =>
      field === 'fault/faultstring' &&
      /is not of type|is greater than the maximum|Unknown string format/.test(String(recorded)) &&
      /(para1|start_time)/.test(String(answered)),
  },
  {
    watcher: 'lists all strategies as possible choices when a strategy does not belong to the goal',
    vigil: 'those of the goal',
    why: 'no other is a choice',
    covers: ({ field, recorded, answered }) =>
      field === 'fault/faultstring' &&
      [recorded, answered].every((text) => String(text).includes('Possible choices: ')),
  },
];

/** Their table in docs/compatibility.md. */
export function acceptedTable(): string {
  const rows = ACCEPTED.map(({ watcher, vigil, why }) => `| ${[watcher, vigil, why].join(' | ')} |`);
  return ['| Watcher | Vigil | why |', '|---|---|---|', ...rows].join('\n');
}
