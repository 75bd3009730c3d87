import { invalid } from './arguments.ts';
import { pythonType } from './python-text.ts';

/** As of host names: so long, and so long between two dots. */
const MAX_NAME = 255;
const MAX_PART = 63;

/** A name as it was given. Throws Fault for one that cannot be kept. */
export function readName(name: unknown): string {
  if (name === null || name === undefined) throw invalid('name', null, 'Mandatory field missing.');
  if (typeof name !== 'string')
    throw invalid('name', name, `Wrong type. Expected '<class 'str'>', got '<class '${pythonType(name)}'>'`);
  if (name.trim() === '') throw invalid('name', name, 'Value should not be empty');
  if (name.length > MAX_NAME) throw invalid('name', name, `Value should have a maximum length of ${MAX_NAME}`);
  if (name.split('.').some((part) => part.length > MAX_PART))
    throw invalid('name', name, `Value should have at most ${MAX_PART} characters between two dots`);
  return name;
}
