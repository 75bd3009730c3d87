/** What is shown instead of a secret. */
export const MASK = '…';

/**
 * Takes user name and password out of every URL in a text. All up to the last `@` goes: in a URL that is not well written a
 * password may go on after a `/`, `?` or `#`.
 */
export function maskUserinfo(text: string): string {
  return text.replace(/([a-z][a-z0-9+.-]*:\/\/)[^\s"'<>]*@/gi, `$1${MASK}@`);
}

/** The same of a text that should be an address and may lack the beginning of a URL. */
export function maskAddress(text: string): string {
  return maskUserinfo(text).replace(/^(?![a-z][a-z0-9+.-]*:\/\/).*@/is, `${MASK}@`);
}
