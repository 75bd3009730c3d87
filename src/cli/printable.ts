const SHOWN = 400;

/** A value as it can be shown in a terminal: one line, not endless, and nothing in it can steer the terminal. */
export function printable(value: unknown): string {
  if (value === null || value === undefined) return '-';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const safe = [...text.slice(0, SHOWN)].map((char) => (isControl(char) ? '?' : char)).join('');
  return text.length > SHOWN ? `${safe}…` : safe;
}

function isControl(char: string): boolean {
  const code = char.codePointAt(0) ?? 0;
  return code < 0x20 || (code >= 0x7f && code < 0xa0);
}
