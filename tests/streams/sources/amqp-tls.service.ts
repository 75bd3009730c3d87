import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type RabbitServer, startRabbit } from '../../../servers/rabbitmq.ts';
import { type Certificates, makeCertificates } from '../../../servers/tls.ts';
import { amqpSource } from '../../../streams/sources/amqp.ts';
import type { AmqpOptions } from '../../../streams/sources/amqp-options.ts';
import { Probe } from './probe.ts';

let certificates: Certificates;
let rabbit: RabbitServer;
let probe: Probe;

beforeAll(async () => {
  certificates = await makeCertificates();
  rabbit = await startRabbit({ tls: certificates });
});

afterEach(() => probe.close());

afterAll(async () => {
  await rabbit.stop();
  await certificates.remove();
});

function listen(options: Partial<AmqpOptions>): Probe {
  probe = new Probe(amqpSource({ cloud: 'tls', urls: [rabbit.url], ...options }));
  return probe;
}

test('a broker is reached over TLS, its certificate checked against the authority given', async () => {
  await listen({ tls: { ca: certificates.ca } }).heard('waiting', /no exchange nova/);
});

test('a certificate of an authority that is not trusted is refused', async () => {
  expect(await listen({}).heard('waiting')).toMatch(/TLS failed .*tls\.ca/);
});

test('a certificate for another name is refused', async () => {
  const tls = { ca: certificates.ca, servername: 'rabbit.example.org' };
  expect(await listen({ tls }).heard('waiting')).toMatch(/TLS failed .*rabbit\.example\.org/);
});

test('a broker that asks for a certificate is reached with one, and says so without', async () => {
  const strict = await startRabbit({ tls: { ...certificates, mutual: true } });
  try {
    const { ca, cert, key } = certificates;
    await listen({ urls: [strict.url], tls: { ca, cert, key } }).heard('waiting', /no exchange nova/);
    await probe.close();
    expect(await listen({ urls: [strict.url], tls: { ca } }).heard('waiting')).toMatch(/TLS failed .*tls\.cert/);
  } finally {
    await probe.close();
    await strict.stop();
  }
});

test('a connection without TLS to this port is refused', async () => {
  const urls = [rabbit.url.replace('amqps:', 'amqp:')];
  expect(await listen({ urls }).heard('waiting')).toMatch(/is this the right port \(TLS or not\)/);
});
