import { Command } from 'commander';
import { STRATEGIES } from '../../../client/collections.ts';
import { describeParameters, type ParameterSchema } from '../../../client/parameters.ts';
import { formatList } from '../../output/format.ts';
import { type ViewFlags, viewing, viewOf } from '../view.ts';
import { listCommand, optimizerOf, showCommand } from './common.ts';

const PARAMETER_COLUMNS = ['name', 'type', 'required', 'default', 'allowed', 'description'];

export function strategyCommand(): Command {
  return new Command('strategy')
    .description('ways to reach a goal')
    .addCommand(listCommand(STRATEGIES))
    .addCommand(showCommand(STRATEGIES))
    .addCommand(parametersCommand())
    .addCommand(stateCommand());
}

function parametersCommand(): Command {
  return viewing('parameters')
    .description('list the parameters that audits can give to a strategy')
    .argument('<id>', STRATEGIES.id)
    .action(async (id: string, flags: ViewFlags) => {
      const { parameters_spec: schema } = await (await optimizerOf(flags)).show(STRATEGIES.path, id);
      console.log(formatList(describeParameters(schema as ParameterSchema), PARAMETER_COLUMNS, viewOf(flags)));
    });
}

function stateCommand(): Command {
  return viewing('state')
    .description('say whether a strategy can be used now')
    .argument('<id>', STRATEGIES.id)
    .action(async (id: string, flags: ViewFlags) => {
      const requirements = await (await optimizerOf(flags)).strategyState(id);
      console.log(formatList(requirements, ['type', 'state', 'mandatory', 'comment'], viewOf(flags)));
    });
}
