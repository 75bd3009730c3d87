import { badRequest } from './errors.ts';

type Fields = Readonly<Record<string, unknown>>;

/** A JSON object in a body. @throws ApiError 400 that names what is wrong. */
export function objectOf(value: unknown, name: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw badRequest(
      `Invalid input for field/attribute ${name}. Value: ${JSON.stringify(value)}. It is not an object.`,
    );
  }
  return value as Fields;
}

/** A text of at most 255 characters. @throws ApiError 400 */
export function textOf(fields: Fields, name: string): string {
  const value = fields[name];
  if (typeof value !== 'string' || value.length > 255) {
    throw badRequest(`Invalid input for field/attribute ${name}. Value: ${JSON.stringify(value)}. It is not a string.`);
  }
  return value;
}

/** A text, or null when it is null or missing. */
export function optionalTextOf(fields: Fields, name: string): string | null {
  return fields[name] === undefined || fields[name] === null ? null : textOf(fields, name);
}

/** True or false. @throws ApiError 400 */
export function flagOf(fields: Fields, name: string): boolean {
  const value = fields[name];
  if (typeof value !== 'boolean') {
    throw badRequest(
      `Invalid input for field/attribute ${name}. Value: ${JSON.stringify(value)}. It is not a boolean.`,
    );
  }
  return value;
}

/** A map of texts. */
export function textsOf(value: unknown, name: string): Record<string, string> {
  return Object.fromEntries(Object.entries(objectOf(value, name)).map(([key]) => [key, textOf(value as Fields, key)]));
}
