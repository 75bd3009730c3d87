import { readFile } from 'node:fs/promises';
import type { TlsOptions } from '../streams/sources/tls.ts';
import type { TlsConfig } from './config/schema/sources.ts';

/** Reads the PEM files that a configuration names. Throws an Error that names the file and why it cannot be read. */
export async function readTlsFiles(config: TlsConfig): Promise<TlsOptions> {
  const [ca, cert, key] = await Promise.all([config.ca, config.cert, config.key].map(readPem));
  const { passphrase, servername } = config;
  const given = { ca, cert, key, passphrase, servername };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

async function readPem(path: string | undefined): Promise<string | undefined> {
  if (path === undefined) return undefined;
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new Error(`cannot read the PEM file ${path}: ${(error as Error).message}`, { cause: error });
  }
}
