import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type KafkaServer, type KafkaSettings, startKafka } from '../../../servers/kafka.ts';
import { type Certificates, makeCertificates } from '../../../servers/tls.ts';
import { kafkaSource } from '../../../streams/sources/kafka.ts';
import type { KafkaOptions } from '../../../streams/sources/kafka-options.ts';
import { NovaProducer } from './nova-kafka.ts';
import { Probe } from './probe.ts';

const USER = { username: 'vigil', password: 'sesame-7' } as const;
const TOPIC = 'versioned_notifications.info';

let probe: Probe | undefined;

afterEach(async () => {
  await probe?.close();
  probe = undefined;
});

function listen(kafka: KafkaServer, options: Partial<KafkaOptions>): Probe {
  probe = new Probe(kafkaSource({ cloud: 'secure', brokers: kafka.brokers, topics: [TOPIC], ...options }));
  return probe;
}

/** Runs some tests against one server with these settings. */
function against(
  what: string,
  settings: () => Promise<KafkaSettings>,
  tests: (kafka: () => KafkaServer) => void,
): void {
  describe(what, () => {
    let kafka: KafkaServer;
    beforeAll(async () => {
      kafka = await startKafka(await settings());
      return () => kafka.stop();
    });
    tests(() => kafka);
  });
}

against(
  'a broker that asks for a password (SASL PLAIN)',
  async () => ({ sasl: { mechanism: 'plain', ...USER } }),
  (kafka) => {
    test('is read with the right one', async () => {
      const nova = await NovaProducer.open(kafka().brokers, { sasl: { mechanism: 'plain', ...USER } });
      await nova.createTopic(TOPIC);
      const heard = listen(kafka(), { sasl: { mechanism: 'plain', ...USER } });
      await heard.heard('caught-up');
      await nova.publish(TOPIC, ['m']);
      await heard.received(['m']);
      await nova.close();
    });

    test('tells of a wrong one, without repeating it, and tries again', async () => {
      const heard = listen(kafka(), { sasl: { mechanism: 'plain', username: 'vigil', password: 'mistaken-8' } });
      expect(await heard.heard('waiting')).toMatch(/the user name or the password is wrong$/);
      await heard.heard('waiting', /wrong/, heard.events.length);
      expect(JSON.stringify(heard.events)).not.toContain('mistaken-8');
      expect(heard.errors).toEqual([]);
    });

    test('tells of a mechanism that it does not offer', async () => {
      const heard = listen(kafka(), { sasl: { mechanism: 'scram-sha-512', ...USER } });
      expect(await heard.heard('waiting')).toMatch(/does not offer this SASL mechanism/);
    });

    test('tells of a connection without any', async () => {
      expect(await listen(kafka(), {}).heard('waiting')).toMatch(/is this the right port \(TLS or not, SASL or not\)/);
    });
  },
);

let certificates: Certificates;

against(
  'a broker that asks for a certificate',
  async () => {
    certificates = await makeCertificates();
    return { tls: { ...certificates, mutual: true } };
  },
  (kafka) => {
    test('is read with one', async () => {
      const { ca, cert, key } = certificates;
      const nova = await NovaProducer.open(kafka().brokers, { ssl: { ca, cert, key } });
      await nova.createTopic(TOPIC);
      const heard = listen(kafka(), { tls: { ca, cert, key } });
      await heard.heard('caught-up');
      await nova.publish(TOPIC, ['m']);
      await heard.received(['m']);
      await nova.close();
    });

    test('says that one is missing', async () => {
      const heard = listen(kafka(), { tls: { ca: certificates.ca } });
      expect(await heard.heard('waiting')).toMatch(/TLS failed; check .*tls\.cert/);
    });
  },
);

against(
  'a broker that asks for TLS and a password (SCRAM)',
  async () => {
    certificates = await makeCertificates();
    return { tls: certificates, sasl: { mechanism: 'scram-sha-256', ...USER } };
  },
  (kafka) => {
    test('is read with both', async () => {
      const sasl = { mechanism: 'scram-sha-256', ...USER } as const;
      const nova = await NovaProducer.open(kafka().brokers, { ssl: { ca: certificates.ca }, sasl });
      await nova.createTopic(TOPIC);
      const heard = listen(kafka(), { tls: { ca: certificates.ca }, sasl });
      await heard.heard('caught-up');
      await nova.publish(TOPIC, ['m']);
      await heard.received(['m']);
      await nova.close();
    });

    test('tells of a wrong password', async () => {
      const sasl = { mechanism: 'scram-sha-256', username: 'vigil', password: 'mistaken-8' } as const;
      const heard = listen(kafka(), { tls: { ca: certificates.ca }, sasl });
      expect(await heard.heard('waiting')).toMatch(/the user name or the password is wrong$/);
    });

    test('is refused when its authority is not trusted', async () => {
      const sasl = { mechanism: 'scram-sha-256', ...USER } as const;
      expect(await listen(kafka(), { tls: {}, sasl }).heard('waiting')).toMatch(/TLS failed; check .*tls\.ca/);
    });

    test('is refused when its certificate is for another name', async () => {
      const tls = { ca: certificates.ca, servername: 'kafka.example.org' };
      expect(await listen(kafka(), { tls }).heard('waiting')).toMatch(/TLS failed/);
    });

    test('tells of a connection without TLS', async () => {
      expect(await listen(kafka(), {}).heard('waiting')).toMatch(/is this the right port \(TLS or not, SASL or not\)/);
    });
  },
);
