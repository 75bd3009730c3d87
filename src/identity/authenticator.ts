import type { IncomingHttpHeaders } from 'node:http';
import type { Identity } from './identity.ts';

/** A way to find out who asks. */
export interface Authenticator {
  /**
   * Null when the caller does not say who they are, or not truthfully.
   *
   * @throws VigilError when it cannot be found out
   */
  identify(headers: IncomingHttpHeaders): Promise<Identity | null> | Identity | null;
  /** What `WWW-Authenticate` says to a caller who is not known, a header each. */
  readonly challenges: readonly string[];
  /** Whether even what is open to anyone is only for those who are known; signs of life excepted. */
  readonly asksEverybody: boolean;
  /**
   * The host names by which it may be asked for, besides addresses and `localhost`; null for any. Where nothing secret is
   * asked for, a web page of anywhere could have its own name point here (DNS rebinding) and act as its reader.
   */
  readonly hostNames: ReadonlySet<string> | null;
}
