/** TLS to a broker: PEM texts, not file names. Without `ca` the system's authorities are trusted. */
export interface TlsOptions {
  readonly ca?: string;
  /** The client's certificate and key, where the broker asks for one. */
  readonly cert?: string;
  readonly key?: string;
  readonly passphrase?: string;
  /** The name the broker's certificate must carry, where it is not the host connected to. */
  readonly servername?: string;
}
