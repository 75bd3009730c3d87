import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { Kafka, type KafkaConfig, logLevel } from 'kafkajs';
import { makeTempDir } from './guard.ts';
import { kafkaFolder, obtainKafka } from './kafka-distribution.ts';
import { obtain, path, TOOLS } from './obtain.ts';
import { freePort } from './ports.ts';
import { type Server, startServer } from './process.ts';
import type { Certificates, ServerTls } from './tls.ts';

const run = promisify(execFile);

/** A Kafka of the caller's own. */
export interface KafkaServer extends Server {
  readonly restartable: true;
  /** `127.0.0.1:PORT` */
  readonly brokers: readonly string[];
}

export interface KafkaSettings {
  readonly sasl?: {
    readonly mechanism: 'plain' | 'scram-sha-256';
    readonly username: string;
    readonly password: string;
  };
  /** Serve TLS only. Clients need `ca`. */
  readonly tls?: ServerTls;
}

/** Start one Kafka node (KRaft, broker and controller in one) that creates topics on first use, one partition each. */
export async function startKafka(settings: KafkaSettings = {}): Promise<KafkaServer> {
  await obtain(TOOLS.kafka);
  await obtainKafka();
  const dir = await makeTempDir('kafka');
  const [port, controllerPort] = [await freePort(), await freePort()];
  const properties = `${dir}/server.properties`;
  await writeFile(properties, nodeProperties(dir, port, controllerPort, settings));
  if (settings.tls !== undefined) await writeFile(`${dir}/keystore.pem`, await keystore(settings.tls));
  const java = path('java');
  const options = ['-cp', `${kafkaFolder()}/*`, '-Xms128m', '-Xmx256m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];
  await run(java, [...options, 'kafka.tools.StorageTool', ...formatArguments(properties, settings)]);
  const brokers = [`127.0.0.1:${port}`];
  const server = await startServer({
    name: 'kafka',
    dir,
    command: java,
    args: [...options, 'kafka.Kafka', properties],
    ready: () => describe(clientConfig(brokers, settings)),
  });
  return { ...server, restartable: true, brokers };
}

function formatArguments(properties: string, { sasl }: KafkaSettings): string[] {
  // Not base64: an id that begins with a dash would be taken for a flag.
  const clusterId = randomBytes(11).toString('hex');
  const user = sasl?.mechanism === 'scram-sha-256' ? `name=${sasl.username},password=${sasl.password}` : undefined;
  const scram = user === undefined ? [] : ['--add-scram', `SCRAM-SHA-256=[${user}]`];
  return ['format', '--config', properties, '--cluster-id', clusterId, ...scram];
}

function nodeProperties(dir: string, port: number, controllerPort: number, { sasl, tls }: KafkaSettings): string {
  const protocol = `${sasl === undefined ? '' : 'SASL_'}${tls === undefined ? 'PLAINTEXT' : 'SSL'}`;
  return [
    'process.roles=broker,controller',
    'node.id=1',
    `listeners=CLIENT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    `advertised.listeners=CLIENT://127.0.0.1:${port}`,
    `listener.security.protocol.map=CLIENT:${protocol},CONTROLLER:PLAINTEXT`,
    'inter.broker.listener.name=CLIENT',
    'controller.listener.names=CONTROLLER',
    `controller.quorum.voters=1@127.0.0.1:${controllerPort}`,
    `log.dirs=${dir}/data`,
    'auto.create.topics.enable=true',
    'num.partitions=1',
    'offsets.topic.num.partitions=1',
    'offsets.topic.replication.factor=1',
    'transaction.state.log.num.partitions=1',
    'transaction.state.log.replication.factor=1',
    'transaction.state.log.min.isr=1',
    'group.initial.rebalance.delay.ms=0',
    'group.min.session.timeout.ms=1000',
    ...(sasl === undefined ? [] : saslProperties(sasl)),
    ...(tls === undefined ? [] : ['ssl.keystore.type=PEM', `ssl.keystore.location=${dir}/keystore.pem`]),
    ...(tls?.mutual === true ? ['ssl.client.auth=required'] : []),
    ...(tls === undefined ? [] : ['ssl.truststore.type=PEM', `ssl.truststore.location=${tls.caFile}`]),
    '',
  ].join('\n');
}

function saslProperties({ mechanism, username, password }: NonNullable<KafkaSettings['sasl']>): string[] {
  const security = 'org.apache.kafka.common.security';
  const login = `username="${username}" password="${password}"`;
  const module =
    mechanism === 'plain'
      ? `${security}.plain.PlainLoginModule required ${login} user_${username}="${password}";`
      : `${security}.scram.ScramLoginModule required ${login};`;
  const name = mechanism.toUpperCase();
  return [
    `sasl.enabled.mechanisms=${name}`,
    `sasl.mechanism.inter.broker.protocol=${name}`,
    `listener.name.client.${mechanism}.sasl.jaas.config=${module}`,
  ];
}

/** Kafka wants key and certificate in one file. */
async function keystore({ keyFile, certFile }: Certificates): Promise<string> {
  return `${await readFile(keyFile, 'utf8')}${await readFile(certFile, 'utf8')}`;
}

function clientConfig(brokers: string[], { sasl, tls }: KafkaSettings): KafkaConfig {
  return {
    clientId: 'vigil-servers',
    brokers,
    logLevel: logLevel.NOTHING,
    retry: { retries: 0 },
    ...(tls === undefined ? {} : { ssl: { ca: tls.ca, cert: tls.cert, key: tls.key } }),
    ...(sasl === undefined ? {} : { sasl: sasl as KafkaConfig['sasl'] & object }),
  };
}

/** A broker that registered itself answers with itself in the list. */
async function describe(config: KafkaConfig): Promise<void> {
  const admin = new Kafka(config).admin();
  try {
    await admin.connect();
    const { brokers } = await admin.describeCluster();
    if (brokers.length === 0) throw new Error('no broker in the cluster yet');
  } finally {
    await admin.disconnect();
  }
}
