import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { connect } from 'amqplib';
import { makeTempDir } from './guard.ts';
import { obtain, path, TOOLS } from './obtain.ts';
import { freePort } from './ports.ts';
import { type Server, startServer } from './process.ts';
import { untilListening } from './tcp.ts';
import type { Certificates, ServerTls } from './tls.ts';

const run = promisify(execFile);

/** The scripts themselves: those in /usr/sbin are wrappers that change to the package's own user. */
const SCRIPTS = '/usr/lib/rabbitmq/bin';

/** What is needed to talk to a RabbitMQ that was started, from any process. */
export interface RabbitDetails {
  /** `amqp://USER:PASSWORD@127.0.0.1:PORT`, no path: the vhost `/`; `amqps:` with TLS. */
  readonly url: string;
  readonly port: number;
  /** Environment in which rabbitmqctl finds the node. */
  readonly ctlEnv: Readonly<Record<string, string>>;
}

/** A RabbitMQ of the caller's own. */
export interface RabbitServer extends Server, RabbitDetails {
  readonly restartable: true;
  /** `kill -9`, once what was declared is on disk: RabbitMQ confirms a declaration some moments before that. */
  kill(): Promise<void>;
  /** rabbitmqctl; resolves to what it wrote. */
  ctl(...args: string[]): Promise<string>;
}

export interface RabbitSettings {
  readonly user?: string;
  readonly password?: string;
  /** Serve TLS only. Clients need `ca`. */
  readonly tls?: ServerTls;
}

/** Start a RabbitMQ node without plugins, with an epmd of its own, everything on 127.0.0.1. */
export async function startRabbit(settings: RabbitSettings = {}): Promise<RabbitServer> {
  await obtain(TOOLS.rabbitmq);
  const { user = 'openstack', password = 'secret', tls } = settings;
  const [port, distPort, epmdPort] = [await freePort(), await freePort(), await freePort()];
  const epmd = await startEpmd(epmdPort);
  const dir = await makeTempDir('rabbitmq');
  const scheme = tls === undefined ? 'amqp' : 'amqps';
  const url = `${scheme}://${encodeURIComponent(user)}:${encodeURIComponent(password)}@127.0.0.1:${port}`;
  const env = nodeEnv(dir, port, distPort, epmdPort);
  await writeFile(`${dir}/rabbitmq.conf`, nodeConfig(port, user, password, tls));
  await writeFile(`${dir}/enabled_plugins`, '[].\n');
  await writeFile(`${dir}/advanced.config`, '[].\n');
  await writeFile(`${dir}/rabbitmq-env.conf`, '');
  const spec = {
    name: 'rabbitmq',
    dir,
    command: `${SCRIPTS}/rabbitmq-server`,
    args: [],
    env: { ...cleanEnv(), ...env },
    ready: () => connectOnce(url, tls),
  };
  const server = await startServer(spec).catch(async (error: unknown) => {
    await epmd.stop();
    throw error;
  });
  const stop = async (): Promise<void> => {
    await server.stop();
    await epmd.stop();
  };
  const kill = async (): Promise<void> => {
    await rabbitCtl(env, 'eval', 'ok = mnesia:sync_log().');
    await server.kill();
  };
  const ctl = (...args: string[]): Promise<string> => rabbitCtl(env, ...args);
  return { ...server, stop, kill, restartable: true, url, port, ctlEnv: env, ctl };
}

/** rabbitmqctl against the node that this environment (`RabbitDetails.ctlEnv`) names. */
export async function rabbitCtl(ctlEnv: Readonly<Record<string, string>>, ...args: string[]): Promise<string> {
  const env = { ...cleanEnv(), ...ctlEnv };
  const { stdout } = await run(`${SCRIPTS}/rabbitmqctl`, ['--quiet', ...args], { env });
  return stdout;
}

/** Erlang's name server. Started here, since a node would leave one behind as a daemon. */
async function startEpmd(port: number): Promise<Server> {
  return startServer({
    name: 'epmd',
    dir: await makeTempDir('epmd'),
    command: path('epmd'),
    args: ['-address', '127.0.0.1', '-port', String(port)],
    ready: () => untilListening(port),
  });
}

function nodeEnv(dir: string, port: number, distPort: number, epmdPort: number): Record<string, string> {
  return {
    HOME: dir, // the Erlang cookie
    LANG: 'C.UTF-8',
    RABBITMQ_NODENAME: `vigil${port}@localhost`,
    RABBITMQ_DIST_PORT: String(distPort),
    ERL_EPMD_PORT: String(epmdPort),
    ERL_EPMD_ADDRESS: '127.0.0.1',
    RABBITMQ_MNESIA_BASE: `${dir}/mnesia`,
    RABBITMQ_LOG_BASE: dir,
    RABBITMQ_PID_FILE: `${dir}/pid`,
    RABBITMQ_CONFIG_FILE: `${dir}/rabbitmq.conf`,
    RABBITMQ_ADVANCED_CONFIG_FILE: `${dir}/advanced.config`,
    RABBITMQ_ENABLED_PLUGINS_FILE: `${dir}/enabled_plugins`,
    RABBITMQ_CONF_ENV_FILE: `${dir}/rabbitmq-env.conf`,
    // No busy waiting: several nodes share two cores.
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS:
      '-kernel inet_dist_use_interface {127,0,0,1} +sbwt none +sbwtdcpu none +sbwtdio none',
    RUNNING_UNDER_SYSTEMD: 'true', // the script becomes the node instead of staying as its parent
  };
}

function nodeConfig(port: number, user: string, password: string, tls: ServerTls | undefined): string {
  const listener =
    tls === undefined
      ? [`listeners.tcp.1 = 127.0.0.1:${port}`]
      : [
          'listeners.tcp = none',
          `listeners.ssl.1 = 127.0.0.1:${port}`,
          `ssl_options.cacertfile = ${tls.caFile}`,
          `ssl_options.certfile = ${tls.certFile}`,
          `ssl_options.keyfile = ${tls.keyFile}`,
          ...(tls.mutual === true
            ? ['ssl_options.verify = verify_peer', 'ssl_options.fail_if_no_peer_cert = true']
            : ['ssl_options.verify = verify_none']),
        ];
  return [
    ...listener,
    `default_user = ${user}`,
    `default_pass = ${password}`,
    'default_user_tags.administrator = true',
    'default_permissions.configure = .*',
    'default_permissions.read = .*',
    'default_permissions.write = .*',
    'log.console = true',
    'log.console.level = info',
    'log.file = false',
    'disk_free_limit.absolute = 50MB',
    '',
  ].join('\n');
}

/** This process's environment without another RabbitMQ's or Erlang's settings. */
function cleanEnv(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(RABBITMQ|ERL|NOTIFY_SOCKET)/.test(name)),
  );
}

async function connectOnce(url: string, tls: Certificates | undefined): Promise<void> {
  const connection = await connect(url, tls === undefined ? {} : { ca: [tls.ca], cert: tls.cert, key: tls.key });
  connection.on('error', () => undefined);
  await connection.close();
}
