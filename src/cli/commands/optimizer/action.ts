import { Command } from 'commander';
import { ACTIONS } from '../../../client/collections.ts';
import type { Edit } from '../../../client/optimizer.ts';
import { type ViewFlags, viewing } from '../view.ts';
import { listCommand, optimizerOf, printOne, showCommand } from './common.ts';

interface SkipFlags extends ViewFlags {
  readonly reason?: string;
}

export function actionCommand(): Command {
  return new Command('action')
    .description('the steps of plans')
    .addCommand(listCommand(ACTIONS))
    .addCommand(showCommand(ACTIONS))
    .addCommand(skipCommand());
}

function skipCommand(): Command {
  return viewing('skip')
    .description('leave out an action of a plan that was not started yet')
    .argument('<uuid>', 'uuid of the action')
    .option('--reason <text>', 'why')
    .action(async (uuid: string, flags: SkipFlags) => {
      const edits: Edit[] = [{ op: 'replace', path: '/state', value: 'SKIPPED' }];
      if (flags.reason !== undefined) edits.push({ op: 'replace', path: '/status_message', value: flags.reason });
      printOne(await (await optimizerOf(flags)).edit(ACTIONS.path, uuid, edits), flags);
    });
}
