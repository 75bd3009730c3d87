import { Command } from 'commander';
import { GOALS } from '../../../client/collections.ts';
import { listCommand, showCommand } from './common.ts';

export function goalCommand(): Command {
  return new Command('goal')
    .description('what audits can aim at')
    .addCommand(listCommand(GOALS))
    .addCommand(showCommand(GOALS));
}
