import { type Command, Option } from 'commander';
import { watch } from '../watch.ts';
import { asking, type ClientFlags, clientOf } from './client.ts';

interface WatchFlags extends ClientFlags {
  readonly kind?: string;
  readonly host?: string;
  readonly project?: string;
  readonly instance?: string;
  readonly format: string;
}

export function watchCommand(): Command {
  return asking('watch')
    .description('show the changes of the model as they happen')
    .option('--kind <kind>', 'only hosts, instances, …: host, instance, aggregate, server_group')
    .option('--host <name>', 'only what is on a host, comes to it or leaves it')
    .option('--project <id>', 'only the instances of a project')
    .option('--instance <uuid>', 'only one instance')
    .addOption(new Option('-f, --format <format>', 'text or json (lines)').choices(['text', 'json']).default('text'))
    .action(async (flags: WatchFlags) => {
      const { kind, host, project, instance } = flags;
      const given = Object.entries({ kind, host, project, instance }).filter(([, value]) => value !== undefined);
      await watch(await clientOf(flags), Object.fromEntries(given), flags.format === 'json', (line) =>
        console.log(line),
      );
      throw new Error('Vigil ended the stream: is it being stopped?');
    });
}
