import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { makeTempDir, removeTempDir } from './guard.ts';
import { obtain, path, TOOLS } from './obtain.ts';

const run = promisify(execFile);

/** A throw-away certificate authority and a certificate of its for 127.0.0.1 and localhost, for servers and clients. PEM throughout. */
export interface Certificates {
  readonly caFile: string;
  readonly certFile: string;
  /** PKCS #8, not encrypted. */
  readonly keyFile: string;
  /** The text of `caFile`, for clients. */
  readonly ca: string;
  /** The texts of the other two, for clients of servers that ask for a certificate. */
  readonly cert: string;
  readonly key: string;
  remove(): Promise<void>;
}

/** How a server uses TLS. */
export interface ServerTls extends Certificates {
  /** Refuse clients without a certificate of the authority. */
  readonly mutual?: boolean;
}

/** Make them with openssl, valid for a day, in a temporary folder. */
export async function makeCertificates(): Promise<Certificates> {
  await obtain(TOOLS.openssl);
  const dir = await makeTempDir('tls');
  const file = (name: string): string => join(dir, name);
  const openssl = (...args: string[]): Promise<unknown> => run(path('openssl'), args, { cwd: dir });
  const key = (name: string): string[] => ['-newkey', 'rsa:2048', '-noenc', '-keyout', file(`${name}.key`)];
  await openssl('req', '-x509', ...key('ca'), '-out', file('ca.pem'), '-days', '1', '-subj', '/CN=Vigil test CA');
  await openssl('req', '-new', ...key('server'), '-out', file('server.csr'), '-subj', '/CN=localhost');
  await writeFile(
    file('server.ext'),
    'subjectAltName = DNS:localhost, IP:127.0.0.1\nextendedKeyUsage = serverAuth, clientAuth\n',
  );
  const issuer = ['-CA', file('ca.pem'), '-CAkey', file('ca.key'), '-CAcreateserial', '-days', '1'];
  const request = ['-in', file('server.csr'), '-extfile', file('server.ext'), '-out', file('server.pem')];
  await openssl('x509', '-req', ...request, ...issuer);
  return {
    caFile: file('ca.pem'),
    certFile: file('server.pem'),
    keyFile: file('server.key'),
    ca: await readFile(file('ca.pem'), 'utf8'),
    cert: await readFile(file('server.pem'), 'utf8'),
    key: await readFile(file('server.key'), 'utf8'),
    remove: () => removeTempDir(dir),
  };
}
