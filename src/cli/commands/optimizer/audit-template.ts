import { Command, Option } from 'commander';
import { AUDIT_TEMPLATES } from '../../../client/collections.ts';
import { collected } from '../arguments.ts';
import { type ViewFlags, viewing } from '../view.ts';
import { deleteCommand, listCommand, optimizerOf, printOne, showCommand } from './common.ts';
import { parametersFor } from './parameters-for.ts';
import { readScope } from './scope-file.ts';

interface CreateFlags extends ViewFlags {
  readonly strategy?: string;
  readonly description?: string;
  readonly scope?: string;
  readonly parameter: readonly string[];
}

export function auditTemplateCommand(): Command {
  return new Command('audittemplate')
    .description('audits to be started again and again')
    .addCommand(createCommand())
    .addCommand(listCommand(AUDIT_TEMPLATES))
    .addCommand(showCommand(AUDIT_TEMPLATES))
    .addCommand(deleteCommand(AUDIT_TEMPLATES));
}

function createCommand(): Command {
  return viewing('create')
    .description('keep a goal, a strategy and a scope under a name')
    .argument('<name>', 'its name')
    .argument('<goal>', 'name or uuid of the goal')
    .option('-s, --strategy <strategy>', 'name or uuid of the strategy; default: the goal’s best')
    .option('-d, --description <text>', 'what it is for')
    .option('--scope <file>', 'a YAML or JSON file that says which hosts and instances may be touched')
    .addOption(
      new Option('-p, --parameter <name=value>', 'a parameter of the strategy; may be repeated')
        .argParser(collected)
        .default([], 'the strategy’s'),
    )
    .action(async (name: string, goal: string, flags: CreateFlags) => {
      const optimizer = await optimizerOf(flags);
      const { strategy, description, scope, parameter } = flags;
      const parameters = await parametersFor(optimizer, strategy, parameter);
      const body = {
        name,
        goal,
        ...(strategy === undefined ? {} : { strategy }),
        ...(description === undefined ? {} : { description }),
        ...(scope === undefined ? {} : { scope: await readScope(scope) }),
        ...(parameters === null ? {} : { default_parameters: parameters }),
      };
      printOne(await optimizer.create(AUDIT_TEMPLATES.path, body), flags);
    });
}
