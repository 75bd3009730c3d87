/**
 * JSON text as Python's `json.dumps` writes it: separators `", "` and `": "`, everything beyond printable ASCII escaped.
 * Consumers see the bytes; these are the ones nova sends.
 */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

const PLAIN = /^[ !#-[\]-~]*$/;
const BEYOND_ASCII = /[\x7f-\uffff]/g;

export function pyString(text: string): string {
  if (PLAIN.test(text)) return `"${text}"`;
  return JSON.stringify(text).replace(BEYOND_ASCII, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** A string or null. */
export function pyText(text: string | null): string {
  return text === null ? 'null' : pyString(text);
}

/** Any JSON value; numbers must be whole (Python would write `1.0`). */
export function pyJson(value: Json): string {
  if (value === null) return 'null';
  if (typeof value === 'string') return pyString(value);
  if (typeof value !== 'object') return String(value);
  if (Array.isArray(value)) return `[${value.map(pyJson).join(', ')}]`;
  const members = Object.entries(value).map(([key, member]) => `${pyString(key)}: ${pyJson(member)}`);
  return `{${members.join(', ')}}`;
}

/** A field of a payload: its key, and how its text is got from what the payload is about. */
export type Field<T> = readonly [key: string, text: (of: T) => string];

/** One function that writes all fields, in order, as a nova versioned object. */
export function versionedObject<T>(name: string, version: string, fields: readonly Field<T>[]): (of: T) => string {
  const head =
    `{"nova_object.name": "${name}", "nova_object.namespace": "nova", ` +
    `"nova_object.version": "${version}", "nova_object.data": {`;
  const parts = fields.map(([key, text], i) => ({ key: `${i === 0 ? '' : ', '}"${key}": `, text }));
  return (of) => {
    let data = head;
    for (const part of parts) data += part.key + part.text(of);
    return `${data}}}`;
  };
}
