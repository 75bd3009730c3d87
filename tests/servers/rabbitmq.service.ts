import { connect } from 'amqplib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RabbitServer, startRabbit } from '../../servers/rabbitmq.ts';
import { type Certificates, makeCertificates } from '../../servers/tls.ts';
import { useRabbit } from '../services/use.ts';

describe("a test's own RabbitMQ", () => {
  let server: RabbitServer;

  beforeAll(async () => {
    server = await startRabbit();
  });
  afterAll(() => server.stop());

  test('keeps a durable queue and its messages through a kill', async () => {
    const before = await connect(server.url);
    before.on('error', () => undefined); // it is about to be cut
    const channel = await before.createConfirmChannel();
    await channel.assertQueue('vigil', { durable: true });
    channel.sendToQueue('vigil', Buffer.from('a notification'), { persistent: true });
    await channel.waitForConfirms();
    await server.kill();
    await expect(connect(server.url)).rejects.toThrow();
    await server.restart();
    expect(await oneMessage(server.url, 'vigil')).toBe('a notification');
  });

  test('is told what to do by rabbitmqctl', async () => {
    await server.ctl('add_vhost', 'elsewhere');
    expect((await server.ctl('list_vhosts')).split('\n')).toContain('elsewhere');
  });
});

describe('RabbitMQ with TLS and credentials', () => {
  let certificates: Certificates;
  let server: RabbitServer;

  beforeAll(async () => {
    certificates = await makeCertificates();
    server = await startRabbit({ tls: certificates, user: 'nova', password: 'p@ss/word' });
  });
  afterAll(async () => {
    await server.stop();
    await certificates.remove();
  });

  test('serves those who trust its authority and know the password', async () => {
    const connection = await connect(server.url, { ca: [certificates.ca] });
    await connection.close();
  });

  test('refuses those who do not trust it', async () => {
    await expect(connect(server.url)).rejects.toThrow();
  });

  test('refuses a wrong password', async () => {
    const wrong = `amqps://nova:wrong@127.0.0.1:${server.port}`;
    await expect(connect(wrong, { ca: [certificates.ca] })).rejects.toThrow(/ACCESS_REFUSED|403/);
  });
});

test("the run's shared RabbitMQ gives each caller a vhost of its own", async () => {
  const [one, other] = [await useRabbit(), await useRabbit()];
  const connection = await connect(one.url);
  const channel = await connection.createChannel();
  await channel.assertQueue('vigil', { durable: false });
  channel.sendToQueue('vigil', Buffer.from('for one'));
  await expect(oneMessage(other.url, 'vigil')).rejects.toThrow(/NOT_FOUND|404/);
  await connection.close();
});

async function oneMessage(url: string, queue: string): Promise<string> {
  const connection = await connect(url);
  try {
    const channel = await connection.createChannel();
    channel.on('error', () => undefined); // the awaited call reports it
    const message = await channel.get(queue, { noAck: true });
    return message === false ? '' : message.content.toString();
  } finally {
    await connection.close();
  }
}
