import type { Value } from '../../model/fact.ts';
import { type Fields, isFields, quote } from '../decode/envelope.ts';
import { textOrNull } from '../decode/fields.ts';
import { Undecodable } from '../decode/undecodable.ts';

/**
 * What a server was asked to be placed by, as the API alone tells: scheduler hints (microversion 2.100), image properties
 * (2.98) and the availability zone asked for (2.96). What the microversion does not tell is left out; a server that boots
 * from a volume has no image properties.
 */
export function constraintsOf(server: Fields): Value {
  const { image, scheduler_hints: hints, pinned_availability_zone: zone } = server;
  return {
    ...(hints === undefined ? {} : { scheduler_hints: hintsOf(hints ?? {}) }),
    ...(isFields(image) && isFields(image.properties) ? { image_properties: propertiesOf(image.properties) } : {}),
    ...(zone === undefined ? {} : { pinned_zone: textOrNull(server, 'pinned_availability_zone') }),
  };
}

/** Hints are texts or lists of texts, as the user gave them: here always lists. */
function hintsOf(hints: unknown): Value {
  if (!isFields(hints)) throw new Undecodable('bad-field', `scheduler_hints must be a map, is ${quote(hints)}`);
  return Object.fromEntries(Object.entries(hints).map(([name, value]) => [name, listOf(value)]));
}

function listOf(value: unknown): string[] {
  const list = Array.isArray(value) ? value : [value];
  return list.map((item) => (typeof item === 'string' ? item : JSON.stringify(item)));
}

/** nova keeps them as texts; those it shows as null are not set. */
function propertiesOf(properties: Fields): Value {
  const set = Object.entries(properties).filter(([, value]) => value !== null);
  return Object.fromEntries(set.map(([name, value]) => [name, String(value)]));
}
