import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeTempDir } from './guard.ts';
import { obtain, path, TOOLS } from './obtain.ts';
import { freePort } from './ports.ts';
import { type Server, startServer } from './process.ts';
import { untilListening } from './tcp.ts';
import type { Certificates } from './tls.ts';

/** A Prometheus of the caller's own, its data in a temporary folder. */
export interface PrometheusServer extends Server {
  /** `http://127.0.0.1:PORT`, or `https:` with TLS. */
  readonly url: string;
}

export interface PrometheusSettings {
  /** `HOST:PORT` of exporters, scraped every second. */
  readonly targets: readonly string[];
  /** Where everything scraped is written to as well, every moment. */
  readonly remoteWrite?: { readonly url: string; readonly headers?: Readonly<Record<string, string>> };
  /** The address of a storage that answers are to be completed from, recent ones too. */
  readonly remoteRead?: string;
  /** Where alerts are sent to is not this program's part; rules are evaluated every second. */
  readonly rules?: string;
  /** A bcrypt hash by user; asked for with HTTP Basic. */
  readonly users?: Readonly<Record<string, string>>;
  readonly tls?: Certificates;
}

/** Start a Prometheus on a free port of 127.0.0.1. */
export async function startPrometheus(settings: PrometheusSettings): Promise<PrometheusServer> {
  await obtain(TOOLS.prometheus);
  const dir = await makeTempDir('prometheus');
  const port = await freePort();
  const { rules, users, tls } = settings;
  const files = { config: join(dir, 'prometheus.yaml'), web: join(dir, 'web.yaml'), rules: join(dir, 'rules.yaml') };
  await writeFile(files.config, JSON.stringify(configOf(settings, rules === undefined ? [] : [files.rules])));
  if (rules !== undefined) await writeFile(files.rules, rules);
  // Prometheus reads YAML, which JSON is.
  const web = {
    ...(users === undefined ? {} : { basic_auth_users: users }),
    ...(tls === undefined ? {} : { tls_server_config: { cert_file: tls.certFile, key_file: tls.keyFile } }),
  };
  await writeFile(files.web, JSON.stringify(web));
  const server = await startServer({
    name: 'prometheus',
    dir,
    command: path('prometheus'),
    args: [
      `--config.file=${files.config}`,
      `--web.config.file=${files.web}`,
      `--storage.tsdb.path=${join(dir, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--storage.tsdb.retention.time=1h',
    ],
    ready: () => untilListening(port),
  });
  return { ...server, url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}` };
}

function configOf({ targets, remoteWrite, remoteRead }: PrometheusSettings, ruleFiles: readonly string[]): object {
  const queue = { batch_send_deadline: '1s', min_backoff: '100ms', max_backoff: '1s' };
  return {
    global: { scrape_interval: '1s', evaluation_interval: '1s' },
    rule_files: ruleFiles,
    scrape_configs: [{ job_name: 'exporters', honor_labels: true, static_configs: [{ targets }] }],
    ...(remoteRead === undefined ? {} : { remote_read: [{ url: remoteRead, read_recent: true }] }),
    ...(remoteWrite === undefined ? {} : { remote_write: [{ ...remoteWrite, queue_config: queue }] }),
  };
}
