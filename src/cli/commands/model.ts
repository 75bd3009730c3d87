import { Command, Option } from 'commander';
import { explainElement } from '../explain.ts';
import { readElements } from '../model-lists.ts';
import { formatList } from '../output/format.ts';
import { collected, wholeNumber } from './arguments.ts';
import { clientOf } from './client.ts';
import { type ViewFlags, viewing, viewOf } from './view.ts';

interface ListFlags extends ViewFlags {
  readonly limit?: number;
  readonly [filter: string]: unknown;
}

const HOST_COLUMNS = [
  'name',
  'az',
  'up',
  'service.disabled',
  'instances.count',
  'instances.vcpus',
  'instances.memory_mb',
];
const HOST_FILTERS = {
  az: 'in this availability zone',
  aggregate: 'in this aggregate (uuid or name)',
  up: 'true or false: whether its nova-compute answers',
  disabled: 'true or false: whether its nova-compute is disabled',
};

const INSTANCE_COLUMNS = ['uuid', 'name', 'host', 'state', 'task_state', 'flavor.name', 'project_id'];
const INSTANCE_FILTERS = {
  host: 'on this host',
  state: 'in this vm_state',
  project: 'of this project (id)',
  flavor: 'with the flavor of this name',
  az: 'in this availability zone',
  aggregate: 'on a host of this aggregate (uuid or name)',
  metadata: 'with this metadata, as key=value',
  name: 'with this text in the name',
};

export function modelCommand(): Command {
  return new Command('model')
    .description('the live model of the cloud')
    .addCommand(listCommand('hosts', HOST_COLUMNS, HOST_FILTERS))
    .addCommand(listCommand('instances', INSTANCE_COLUMNS, INSTANCE_FILTERS))
    .addCommand(explainCommand());
}

function listCommand(kind: string, columns: readonly string[], filters: Readonly<Record<string, string>>): Command {
  const command = viewing(kind).description(`list the ${kind}`);
  for (const [name, meaning] of Object.entries(filters)) {
    command.addOption(
      new Option(`--${name} <${name}>`, `only ${meaning}; may be repeated`).argParser(collected).default([], 'any'),
    );
  }
  return command
    .addOption(new Option('--limit <count>', 'at most so many').argParser(wholeNumber))
    .action(async (flags: ListFlags) => {
      const query = new URLSearchParams();
      for (const name of Object.keys(filters)) for (const value of flags[name] as string[]) query.append(name, value);
      console.log(
        formatList(await readElements(await clientOf(flags), kind, query, flags.limit), columns, viewOf(flags)),
      );
    });
}

function explainCommand(): Command {
  return viewing('explain')
    .description('say for each field of a host or instance what it is, and which message told it')
    .argument('<id>', 'uuid of an instance, or name of a host')
    .action(async (id: string, flags: ViewFlags) => {
      const rows = await explainElement(await clientOf(flags), id);
      console.log(formatList(rows, ['field', 'event', 'publisher', 'at', 'value'], viewOf(flags)));
    });
}
