import { isMiniCloudThere, MINI_CLOUD } from '../../scripts/mini-cloud.mjs';
import { startKafka } from '../../servers/kafka.ts';
import { optionsFromCloudsYaml } from '../../src/openstack/clouds-yaml.ts';
import { optionsFromEnvironment } from '../../src/openstack/environment.ts';
import type { OpenStackOptions } from '../../src/openstack/options.ts';
import { MiniCloud, type MiniSettings } from './mini-cloud.ts';

/** One walk through the suite: over one broker, with one setting of nova. */
export interface Run {
  readonly title: string;
  /** Whether nova sends instance.update (notify_on_state_change is set): else a step may take one increment. */
  readonly updates: boolean;
  /** Whether its processes may be killed. */
  readonly breakable: boolean;
  /** Only the steps that show the broker and the setting, not all that nova can do. */
  readonly short: boolean;
  open(): Promise<Given>;
}

/** A cloud with the broker its nova notifies through. */
export interface Given {
  readonly openstack: OpenStackOptions;
  /** Variables that Vigil needs besides this process's own. */
  readonly environment: Readonly<Record<string, string>>;
  /** `openstack:` and `sources:` of Vigil's configuration. */
  readonly config: { readonly openstack: object; readonly sources: readonly object[] };
  /** Null for a cloud that is not ours to break. */
  readonly mini: MiniCloud | null;
  readonly broker: { kill(): Promise<void>; start(): Promise<void> } | null;
  close(): Promise<void>;
}

type Variables = Readonly<Record<string, string | undefined>>;

/**
 * The cloud that OS_CLOUD or OS_AUTH_URL names, with the broker of MINI_AMQP_URL or MINI_KAFKA (MINI_NOTIFICATIONS says
 * which, when both are there; with MINI_DIR its processes may be killed). Without them the mini-cloud over both brokers with
 * both settings; of that, with VIGIL_TEST_CLOUD=ci, two short walks that between them have all four.
 */
export function chosenRuns(variables: Variables): Run[] {
  if (variables.OS_CLOUD || variables.OS_AUTH_URL) return [given(variables)];
  if (!isMiniCloudThere())
    throw new Error(`no cloud is given (OS_CLOUD or OS_AUTH_URL), and there is no ${MINI_CLOUD}`);
  if (variables.VIGIL_TEST_CLOUD === 'ci')
    return [mini('rabbit', 'vm_and_task_state', true), mini('kafka', 'none', true)];
  return (['rabbit', 'kafka'] as const).flatMap((broker) => [
    mini(broker, 'vm_and_task_state', false),
    mini(broker, 'none', false),
  ]);
}

function given(variables: Variables): Run {
  const { OS_CLOUD: cloud, MINI_AMQP_URL: amqp, MINI_KAFKA: kafka, MINI_NOTIFICATIONS: which } = variables;
  const mini = variables.MINI_DIR ? MiniCloud.at(variables.MINI_DIR) : null;
  const overKafka = kafka !== undefined && (amqp === undefined || which === 'kafka');
  if (!overKafka && amqp === undefined)
    throw new Error('set MINI_AMQP_URL or MINI_KAFKA: where nova sends notifications');
  const source = overKafka ? kafkaSource(kafka) : { kind: 'amqp', urls: [amqp] };
  return {
    title: `The cloud given, over ${overKafka ? 'Kafka' : 'RabbitMQ'}`,
    updates: variables.MINI_STATE_CHANGE !== 'none',
    breakable: mini !== null,
    short: false,
    open: async () => ({
      openstack: cloud ? await optionsFromCloudsYaml(cloud, null, variables) : optionsFromEnvironment(variables),
      environment: {},
      config: { openstack: cloud ? { cloud } : { environment: true }, sources: [source] },
      mini,
      broker: mini === null || overKafka ? null : rabbitOf(mini),
      close: async () => undefined,
    }),
  };
}

let running: MiniCloud | null = null;

/** Ends the mini-cloud that the runs shared. */
export async function endMiniCloud(): Promise<void> {
  await running?.down();
  running = null;
}

function mini(
  notifications: MiniSettings['notifications'],
  stateChange: MiniSettings['stateChange'],
  short: boolean,
): Run {
  const overKafka = notifications === 'kafka';
  const updates = stateChange !== 'none';
  return {
    title: `${overKafka ? 'Kafka' : 'RabbitMQ'}, ${updates ? 'as recommended' : 'with the default setting of nova'}`,
    updates,
    breakable: true,
    short,
    open: async () => {
      const kafka = overKafka ? await startKafka() : null;
      const settings = { notifications, stateChange, ...(kafka === null ? {} : { kafka: kafka.brokers.join() }) };
      const cloud = running ?? (await MiniCloud.up(settings));
      if (running !== null) await running.change(settings);
      running = cloud;
      const environment = await cloud.environment();
      const source =
        kafka === null ? { kind: 'amqp', urls: [environment.MINI_AMQP_URL] } : kafkaSource(kafka.brokers.join());
      return {
        openstack: optionsFromEnvironment(environment),
        environment,
        config: { openstack: { environment: true }, sources: [source] },
        mini: cloud,
        broker: kafka === null ? rabbitOf(cloud) : { kill: () => kafka.kill(), start: () => kafka.restart() },
        close: async () => kafka?.stop(),
      };
    },
  };
}

function rabbitOf(cloud: MiniCloud): NonNullable<Given['broker']> {
  return { kill: () => cloud.kill('rabbitmq'), start: () => cloud.start('rabbitmq') };
}

function kafkaSource(brokers: string): object {
  return { kind: 'kafka', brokers: brokers.split(',') };
}
