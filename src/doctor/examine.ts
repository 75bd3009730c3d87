import { assertReadable } from '../../streams/sources/recording.ts';
import type { ApiClient } from '../client/api-client.ts';
import type { Config } from '../config/schema/config.ts';
import type { SourceConfig } from '../config/schema/sources.ts';
import { amqpOptions, kafkaOptions } from '../sources.ts';
import { checkAmqp, checkKafka } from './brokers.ts';
import { type Finding, failure, ok, warning } from './finding.ts';
import { checkOpenStack } from './openstack.ts';
import { checkRunning } from './running.ts';
import { checkStore } from './store.ts';

/** Looks at everything a configuration names, changing nothing; asks a running Vigil for what only it can know. */
export async function examine(config: Config, api: ApiClient): Promise<Finding[]> {
  const running = await checkRunning(api);
  const findings: Finding[] = [ok('configuration', 'valid')];
  for (const source of config.sources) findings.push(...(await checkSource(source, config.cloud)));
  if (config.openstack !== undefined) findings.push(...(await checkOpenStack(config.openstack)));
  if (running !== null) return [...findings, ...running];
  const unasked = 'no Vigil is running here, so notifications and clocks were not looked at';
  findings.push(warning('service', unasked, 'Start it (vigil serve) and ask again.'));
  return [...findings, ...(await checkStore(config.store, config.cloud))];
}

async function checkRecording(about: string, file: string): Promise<Finding> {
  try {
    await assertReadable(file);
    return ok(about, `${file} can be read`);
  } catch (error) {
    return failure(about, (error as Error).message, 'Mend files: of this source.');
  }
}

async function checkSource(source: SourceConfig, cloud: string): Promise<Finding[]> {
  const about = source.name ?? source.kind;
  switch (source.kind) {
    case 'amqp':
      return checkAmqp(about, await amqpOptions(source, { cloud }));
    case 'kafka':
      return checkKafka(about, await kafkaOptions(source, { cloud }));
    case 'recording':
      return Promise.all(source.files.map((file) => checkRecording(about, file)));
    case 'simulator':
      return [ok(about, 'needs no broker')];
  }
}
