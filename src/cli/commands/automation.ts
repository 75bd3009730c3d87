import { Command } from 'commander';
import type { Fields } from '../../client/fields.ts';
import { formatOne } from '../output/format.ts';
import { clientOf } from './client.ts';
import { type ViewFlags, viewing, viewOf } from './view.ts';

export function automationCommand(): Command {
  return new Command('automation')
    .description('whether Vigil acts by itself')
    .addCommand(
      viewing('show')
        .description('say whether plans are carried out by themselves, and if not why')
        .action((flags: ViewFlags) => ask('GET', '/automation', undefined, flags)),
    )
    .addCommand(
      viewing('pause')
        .description('stop all automatic action, over restarts too, until it is resumed')
        .option('--reason <text>', 'why; shown to whoever asks')
        .action((flags: ViewFlags & { readonly reason?: string }) =>
          ask('POST', '/automation/pause', flags.reason === undefined ? {} : { reason: flags.reason }, flags),
        ),
    )
    .addCommand(
      viewing('resume')
        .description('let automatic action go on')
        .action((flags: ViewFlags) => ask('POST', '/automation/resume', undefined, flags)),
    );
}

async function ask(method: string, path: string, body: Fields | undefined, flags: ViewFlags): Promise<void> {
  const standing = await (await clientOf(flags)).send<Fields>(method, path, body);
  console.log(formatOne(standing, viewOf(flags)));
}
