import { invalid } from './arguments.ts';
import type { Attribute, Input } from './attribute.ts';
import { Fault } from './fault.ts';
import { pythonText, pythonType } from './python-text.ts';
import { isUuid } from './uuid.ts';

export type Given = { readonly [name: string]: unknown };

/**
 * Checks the object that a POST gives against the attributes of a resource. What is null counts as not given. `argument` is
 * what this API's texts call the object. Booleans and times are still as they were sent.
 */
export function readBody<R>(body: unknown, attributes: readonly Attribute<R>[], argument: string): Given {
  if (body === undefined || body === null) throw new Fault('missing-argument', { name: argument });
  if (typeof body !== 'object' || Array.isArray(body)) throw invalid(argument, body, 'It must be an object.');
  const given = body as Given;
  const inputs = attributes.flatMap(({ name, post }) => (post === undefined ? [] : [{ name, post }]));
  const known = new Set(inputs.map(({ name }) => name));
  const unknown = Object.keys(given).filter((name) => !known.has(name));
  for (const { name, post } of inputs) {
    if (post.readOnly === true && Object.hasOwn(given, name))
      throw invalid(name, given[name], 'Cannot set read only field.');
    const value = Object.hasOwn(given, name) ? given[name] : null;
    if (value === null && post.required === true) throw invalid(name, null, 'Mandatory field missing.');
    if (value !== null) checkType(name, post, value, argument, given);
  }
  if (unknown.length > 0) throw new Fault('unknown-attribute', { argument, attribute: unknown.join(', ') });
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null));
}

function checkType(name: string, { type }: Input, value: unknown, argument: string, body: Given): void {
  switch (type) {
    case 'json':
      return;
    case 'text':
    case 'time':
      if (typeof value !== 'string') throw wrongType(name, value, 'str');
      return;
    case 'object':
      if (pythonType(value) !== 'dict') throw wrongType(name, value, 'dict');
      return;
    case 'interval':
      if (typeof value !== 'string' && !Number.isInteger(value)) throw wrongType(name, value, 'str');
      return;
    case 'uuid':
      if (typeof value !== 'string') throw wrongType(name, value, 'str');
      if (!isUuid(value)) throw invalid(argument, pythonText(body), `Expected a uuid but received ${value}`);
      return;
    case 'boolean':
      if (readBoolean(value) === null)
        throw invalid(
          argument,
          pythonText(body),
          `Value not an unambiguous boolean: ${pythonText(value).replace(/^'|'$/g, '')}`,
        );
  }
}

function wrongType(name: string, value: unknown, expected: string): Fault {
  return invalid(name, value, `Wrong type. Expected '<class '${expected}'>', got '<class '${pythonType(value)}'>'`);
}

const TRUE: ReadonlySet<string> = new Set(['1', 't', 'true', 'on', 'y', 'yes']);
const FALSE: ReadonlySet<string> = new Set(['0', 'f', 'false', 'off', 'n', 'no']);

/** A boolean, or a text that can mean only one; else null. */
export function readBoolean(value: unknown): boolean | null {
  if (typeof value === 'boolean') return value;
  const word = typeof value === 'string' || typeof value === 'number' ? String(value).trim().toLowerCase() : '';
  if (TRUE.has(word)) return true;
  return FALSE.has(word) ? false : null;
}
