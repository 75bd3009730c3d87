/**
 * JSON text as Python's `json.dumps` writes it: separators `", "` and `": "`, everything beyond printable ASCII escaped.
 * Consumers see the bytes; these are the ones nova sends.
 */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

const PLAIN = /^[ !#-[\]-~]*$/;
const BEYOND_ASCII = /[\x7f-\uffff]/g;

/** A string, quoted. */
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

/** A field of a payload: its key, and its text or how that is got from what the payload is about. */
export type Field<T> = readonly [key: string, text: string | ((of: T) => string)];

/** One function that writes all fields, in order, as a nova versioned object. */
export function versionedObject<T>(name: string, version: string, fields: readonly Field<T>[]): (of: T) => string {
  let fixed =
    `{"nova_object.name": "${name}", "nova_object.namespace": "nova", ` +
    `"nova_object.version": "${version}", "nova_object.data": {`;
  const parts: { readonly before: string; readonly text: (of: T) => string }[] = [];
  fields.forEach(([key, text], i) => {
    fixed += `${i === 0 ? '' : ', '}"${key}": `;
    if (typeof text === 'string') {
      fixed += text;
    } else {
      parts.push({ before: fixed, text });
      fixed = '';
    }
  });
  const end = `${fixed}}}`;
  return (of) => {
    let written = '';
    for (const part of parts) written += part.before + part.text(of);
    return written + end;
  };
}
