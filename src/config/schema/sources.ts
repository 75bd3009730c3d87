import { type Static, Type } from 'typebox';
import { AMQP_URL, amount, group, IN_URLS, name, oneOf, secret, TLS, text, texts, whole } from './setting.ts';

const sourceName = Type.Optional(
  name({ description: 'Name of the source in logs and metrics; default: its kind and the cloud.', example: 'nova' }),
);

/** A prefetch count is 16 bits wide in AMQP. */
const MAX_WINDOW = 65_535;
const window = whole(1, MAX_WINDOW, {
  default: 1_000,
  description: 'Messages received and not yet committed, at most; of large ones as many as make 64 MiB.',
});

/** Whose messages are read, and where they are found. */
interface Publisher {
  readonly name: string;
  readonly what: string;
  readonly exchange: string;
  readonly topics: readonly string[];
  readonly kafkaTopics: readonly string[];
  /** Vigil’s own queue, and its consumer group. */
  readonly queue: string;
}

/** Settings of messages over RabbitMQ. */
export const amqpSettings = (who: Publisher) => ({
  urls: texts({
    description: 'Brokers of one cluster, tried in turn; amqps:// for TLS.',
    example: ['amqp://rabbit1:5672/', 'amqp://rabbit2:5672/'],
    pattern: AMQP_URL,
    form: `amqp://HOST:PORT/VHOST, or amqps:// for TLS${IN_URLS}`,
  }),
  username: Type.Optional(text({ description: 'User, where the URL names none.', example: 'vigil' })),
  ...secret('password', 'Password of that user.'),
  tls: Type.Optional(TLS),
  exchanges: texts({
    default: [who.exchange],
    description: `Exchanges ${who.name} publishes to (control_exchange); never created here.`,
  }),
  topics: texts({
    default: who.topics,
    description: `Topics of ${who.what}.`,
  }),
  queue: group(
    {
      name: Type.Optional(
        name({
          description: `Vigil’s own queue; default ${who.queue}.`,
          example: who.queue.replace('<cloud>', 'cloud'),
        }),
      ),
      type: oneOf(['classic', 'quorum'], { default: 'classic', description: 'Type of the queue; both are durable.' }),
      expires: whole(60, 2_592_000, {
        default: 86_400,
        description: 'Seconds after which the broker deletes the queue when nobody consumes from it.',
      }),
      max_length: whole(1_000, 100_000_000, {
        default: 250_000,
        description: 'Messages the queue holds at most (4 KB each, about); the oldest are dropped beyond it.',
      }),
    },
    { default: {}, description: 'The queue that Vigil declares for itself.' },
  ),
  window,
  heartbeat: whole(1, 3_600, { default: 20, description: 'Seconds between heartbeats on the connection.' }),
});

const BROKER = '^(\\[[0-9a-fA-F:]+\\]|[^\\s:/@]+):\\d{1,5}$';

/** Settings of messages over Kafka. */
export const kafkaSettings = (who: Publisher) => ({
  brokers: texts({
    description: 'Some brokers of the cluster; the others are learned from them.',
    example: ['kafka1:9092', 'kafka2:9092'],
    pattern: BROKER,
    form: 'HOST:PORT',
  }),
  topics: texts({
    default: who.kafkaTopics,
    description: `Topics of ${who.what}; a vhost in ${who.name}’s transport URL is appended to their names.`,
  }),
  group: Type.Optional(
    name({ description: `Consumer group; default ${who.queue}.`, example: who.queue.replace('<cloud>', 'cloud') }),
  ),
  window,
  tls: Type.Optional(TLS),
  sasl: Type.Optional(
    group(
      {
        mechanism: oneOf(['plain', 'scram-sha-256', 'scram-sha-512'], {
          description: 'How to log in.',
          example: 'scram-sha-512',
        }),
        username: text({ description: 'User.', example: 'vigil' }),
        ...secret('password', 'Password.'),
      },
      { description: 'Log in to the brokers.' },
    ),
  ),
});

const NOVA: Publisher = {
  name: 'nova',
  what: 'nova’s versioned notifications',
  exchange: 'nova',
  topics: ['versioned_notifications'],
  kafkaTopics: ['versioned_notifications.info', 'versioned_notifications.error'],
  queue: 'vigil.<cloud>',
};

const AMQP = group(
  { kind: Type.Literal('amqp', { description: 'RabbitMQ.' }), name: sourceName, ...amqpSettings(NOVA) },
  { description: 'nova’s notifications over RabbitMQ.' },
);

const KAFKA = group(
  { kind: Type.Literal('kafka', { description: 'Apache Kafka.' }), name: sourceName, ...kafkaSettings(NOVA) },
  { description: 'nova’s notifications over Kafka.' },
);

const RECORDING = group(
  {
    kind: Type.Literal('recording', { description: 'Files.' }),
    name: sourceName,
    files: texts({
      description: 'JSON lines: bare messages, or what "vigil record" wrote.',
      example: ['recording.jsonl'],
    }),
    speed: Type.Optional(
      amount(0.001, 1_000_000, {
        description: '1 plays in the recording’s own time, 10 ten times as fast; without it as fast as possible.',
        example: 1,
      }),
    ),
    window,
  },
  { description: 'Messages recorded before.' },
);

const SIMULATOR = group(
  {
    kind: Type.Literal('simulator', { description: 'No cloud needed.' }),
    name: sourceName,
    hosts: whole(1, 100_000, { default: 20, description: 'Hosts.' }),
    instances: whole(0, 5_000_000, {
      default: 200,
      description: 'Instances at the start, and about how many there remain.',
    }),
    seed: whole(0, Number.MAX_SAFE_INTEGER, {
      default: 1,
      description: 'The same seed gives the same cloud and the same life.',
    }),
    operations_per_second: amount(0, 1_000_000, {
      default: 1,
      description: 'Boots, migrations, deletes and so on in a second; 0: none by itself.',
    }),
    failures: amount(0, 1, { default: 0.05, description: 'Share of them that goes wrong.' }),
    noisy_every: amount(0, 86_400, {
      default: 300,
      description:
        'Seconds between two instances that get so loud that their neighbours suffer, for which a rule then has them moved; 0: none does.',
    }),
    window,
  },
  { description: 'A simulated cloud in this process, its API included.' },
);

export const SOURCE = Type.Union([SIMULATOR, AMQP, KAFKA, RECORDING], { description: 'A source of notifications.' });

export type SourceConfig = Static<typeof SOURCE>;
export type AmqpSourceConfig = Static<typeof AMQP>;
export type KafkaSourceConfig = Static<typeof KAFKA>;
export type RecordingSourceConfig = Static<typeof RECORDING>;
export type SimulatorSourceConfig = Static<typeof SIMULATOR>;
export type TlsConfig = Static<typeof TLS>;
