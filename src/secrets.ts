/** What is shown instead of a secret. */
export const MASK = '…';

/** Takes user name and password out of every URL in a text. */
export function maskUserinfo(text: string): string {
  return text.replace(/([a-z][a-z0-9+.-]*:\/\/)[^\s/?#"'<>]*@/gi, `$1${MASK}@`);
}
