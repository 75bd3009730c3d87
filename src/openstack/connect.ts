import { readFile } from 'node:fs/promises';
import { rootCertificates } from 'node:tls';
import type { Logger } from 'pino';
import { ApiError } from './errors.ts';
import { HttpClient, type TlsMaterial } from './http.ts';
import { Nova } from './nova.ts';
import { HTTP_DEFAULTS, type HttpOptions, type OpenStackOptions, type TlsOptions } from './options.ts';
import { Placement } from './placement.ts';
import { Session } from './session.ts';

/** The APIs of one cloud. */
export interface OpenStack {
  readonly nova: Nova;
  readonly placement: Placement;
  /** For services that have no client of their own here. */
  readonly session: Session;
  close(): Promise<void>;
}

/** Makes the clients of a cloud's APIs; nothing is asked yet. Throws ApiError when a certificate cannot be read. */
export async function connectOpenStack(
  options: OpenStackOptions,
  log: Logger,
  http: Partial<HttpOptions> = {},
): Promise<OpenStack> {
  const client = new HttpClient({ ...HTTP_DEFAULTS, ...http }, await tlsMaterial(options.tls), log);
  const session = new Session(client, options, log);
  return { nova: new Nova(session), placement: new Placement(session), session, close: () => client.close() };
}

/** Certificates as files name them. Throws ApiError when one cannot be read. */
export async function tlsMaterial(tls: TlsOptions): Promise<TlsMaterial> {
  const [ca, cert, key] = await Promise.all([
    readPem('cacert', tls.cacert),
    readPem('cert', tls.cert),
    readPem('key', tls.key),
  ]);
  return {
    ...(ca === null ? {} : { ca: [...rootCertificates, ca] }),
    ...(cert === null ? {} : { cert }),
    ...(key === null ? {} : { key }),
    rejectUnauthorized: tls.verify,
  };
}

async function readPem(setting: string, path: string | null): Promise<string | null> {
  if (path === null) return null;
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    const why = `${path} cannot be read (${(cause as NodeJS.ErrnoException).code})`;
    throw new ApiError('configuration', `Reading the file of ${setting}`, why, { cause });
  }
}
