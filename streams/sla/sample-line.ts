import type { Sample } from '../../model/metrics/sample.ts';
import { parseTime } from '../decode/time.ts';

const MICROS_PER_SECOND = 1_000_000;
const SECONDS_PER_HOUR = 3_600;
const SECONDS_PER_MINUTE = 60;
/** The year 5138: whoever gives more means milliseconds. */
const LATEST = 1e11;
const MAX_NAME = 255;

/** A line that is no sample, and why. */
export class NoSample extends Error {
  override readonly name = 'NoSample';
}

/**
 * Reads a line `{"metric", "resource", "value", "time"}`; whatever else is in it is passed over. The value may be NaN,
 * bare or as text, or null, which means the same. @throws NoSample
 */
export function parseSampleLine(line: string): Sample {
  return checkSample(parseJson(line));
}

/** Reads a sample from JSON that was parsed already. @throws NoSample */
export function checkSample(given: unknown): Sample {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) throw new NoSample('it is not an object');
  const { metric, resource, value, time } = given as { readonly [key: string]: unknown };
  checkName('metric', metric);
  checkName('resource', resource);
  const read = { value: readValue(value), time: readTime(time) };
  // What was given is a sample already, but for what is written in another way.
  return Object.is(read.value, value) && read.time === time ? (given as Sample) : { metric, resource, ...read };
}

function checkName(key: string, name: unknown): asserts name is string {
  if (typeof name === 'string' && name.length > 0 && name.length <= MAX_NAME) return;
  throw new NoSample(`"${key}" must be a name, not ${shown(name)}`);
}

function readValue(value: unknown): number {
  if (typeof value === 'number') return value;
  if (value === null || value === 'NaN') return Number.NaN;
  if (value === 'Infinity' || value === '+Inf') return Number.POSITIVE_INFINITY;
  if (value === '-Infinity' || value === '-Inf') return Number.NEGATIVE_INFINITY;
  throw new NoSample(`"value" must be a number, not ${shown(value)}`);
}

function readTime(time: unknown): number {
  if (typeof time === 'number') {
    if (time >= 0 && time < LATEST) return time;
    const hint = time >= LATEST ? '; are these milliseconds?' : '';
    throw new NoSample(`"time" must be seconds since 1970, not ${time}${hint}`);
  }
  const seconds = typeof time === 'string' ? isoSeconds(time) : Number.NaN;
  if (Number.isNaN(seconds)) {
    throw new NoSample(
      `"time" must be seconds since 1970 or ISO 8601 such as 2026-11-23T01:46:23Z, not ${shown(time)}`,
    );
  }
  return seconds;
}

/** ISO 8601 with or without an offset; without it is UTC, as everywhere in OpenStack. */
function isoSeconds(text: string): number {
  const [, local = text, sign, hours = '0', minutes = '0'] = /^(.*)([+-])(\d{2}):?(\d{2})$/.exec(text) ?? [];
  if (sign === undefined || local.length < 'YYYY-MM-DDTHH:MM:SS'.length) return parseTime(text) / MICROS_PER_SECOND;
  const offset = Number(hours) * SECONDS_PER_HOUR + Number(minutes) * SECONDS_PER_MINUTE;
  return parseTime(local) / MICROS_PER_SECOND + (sign === '+' ? -offset : offset);
}

/** JSON, in which also bare NaN and Infinity are numbers, as Python's json writes them. */
function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    const quoted = line.replace(/("value"\s*:\s*)(-?Infinity|NaN)(?=\s*[,}])/, '$1"$2"');
    if (quoted === line) throw new NoSample(`it is not JSON: ${(error as Error).message}`);
    try {
      return JSON.parse(quoted);
    } catch {
      throw new NoSample(`it is not JSON: ${(error as Error).message}`);
    }
  }
}

const SHOWN = 60;

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'missing';
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
}
