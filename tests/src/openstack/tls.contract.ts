import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import pino from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Certificates, makeCertificates } from '../../../servers/tls.ts';
import { connectOpenStack, type OpenStack } from '../../../src/openstack/connect.ts';
import type { OpenStackOptions, TlsOptions } from '../../../src/openstack/options.ts';

let certificates: Certificates;
let server: Server;
const opened: OpenStack[] = [];

beforeAll(async () => {
  certificates = await makeCertificates();
  const [cert, key] = await Promise.all([readFile(certificates.certFile), readFile(certificates.keyFile)]);
  server = createServer({ cert, key }, (_, response) => {
    response.end(JSON.stringify({ version: { version: '2.90' } }));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
});

afterAll(async () => {
  for (const { close } of opened) await close();
  server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
  await certificates.remove();
});

async function versionBy(tls: Partial<TlsOptions>): Promise<string> {
  const options: OpenStackOptions = {
    credentials: { kind: 'none' },
    region: null,
    interface: 'public',
    endpoints: { compute: `https://127.0.0.1:${(server.address() as AddressInfo).port}/v2.1` },
    tls: { cacert: null, cert: null, key: null, verify: true, ...tls },
  };
  const cloud = await connectOpenStack(options, pino({ level: 'silent' }));
  opened.push(cloud);
  return (await cloud.nova.version()).microversion;
}

it('trusts a certificate of an authority that is named', async () => {
  expect(await versionBy({ cacert: certificates.caFile })).toBe('2.90');
});

it('trusts no other, says what to do, and does not try again', async () => {
  await expect(versionBy({})).rejects.toMatchObject({
    failure: 'tls',
    message: expect.stringContaining('Name the authority that signed its certificate (cacert)'),
  });
});

it('takes any certificate when told so', async () => {
  expect(await versionBy({ verify: false })).toBe('2.90');
});

it('says which file cannot be read', async () => {
  await expect(versionBy({ cacert: '/nowhere/ca.pem' })).rejects.toThrow(
    'Reading the file of cacert failed: /nowhere/ca.pem cannot be read (ENOENT)',
  );
});
