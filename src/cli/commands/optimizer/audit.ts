import { Command, Option } from 'commander';
import { AUDIT_TEMPLATES, AUDITS } from '../../../client/collections.ts';
import { collected } from '../arguments.ts';
import { asking, type ClientFlags } from '../client.ts';
import { type ViewFlags, viewing } from '../view.ts';
import { deleteCommand, listCommand, optimizerOf, printOne, showCommand } from './common.ts';
import { parametersFor } from './parameters-for.ts';

const TYPES = ['ONESHOT', 'CONTINUOUS', 'EVENT'];

interface CreateFlags extends ViewFlags {
  readonly goal?: string;
  readonly template?: string;
  readonly strategy?: string;
  readonly type: string;
  readonly name?: string;
  readonly interval?: string;
  readonly startTime?: string;
  readonly endTime?: string;
  readonly autoTrigger?: true;
  readonly force?: true;
  readonly parameter: readonly string[];
}

export function auditCommand(): Command {
  return new Command('audit')
    .description('questions to a strategy: what should be done')
    .addCommand(createCommand())
    .addCommand(listCommand(AUDITS))
    .addCommand(showCommand(AUDITS))
    .addCommand(callCommand())
    .addCommand(cancelCommand())
    .addCommand(deleteCommand(AUDITS));
}

function createCommand(): Command {
  return viewing('create')
    .description('ask a strategy for a plan, once or again and again')
    .option('-g, --goal <goal>', 'name or uuid of the goal')
    .option('-a, --template <template>', 'name or uuid of an audit template, in place of a goal')
    .option('-s, --strategy <strategy>', 'name or uuid of the strategy; default: the goal’s best')
    .addOption(new Option('-t, --type <type>', 'when it runs').choices(TYPES).default('ONESHOT'))
    .option('-n, --name <name>', 'its name')
    .option(
      '-i, --interval <interval>',
      'of a CONTINUOUS audit: seconds, or a cron expression (in UTC, or "CRON_TZ=Europe/Vienna 0 3 * * *")',
    )
    .option('--start-time <time>', 'of a CONTINUOUS audit: not before; ISO 8601')
    .option('--end-time <time>', 'of a CONTINUOUS audit: not after; ISO 8601')
    .option('--auto-trigger', 'carry out the plan as soon as it is there')
    .option('--force', 'also while another plan is being carried out')
    .addOption(
      new Option('-p, --parameter <name=value>', 'a parameter of the strategy; may be repeated')
        .argParser(collected)
        .default([], 'the strategy’s'),
    )
    .action(async (flags: CreateFlags) => {
      if ((flags.goal === undefined) === (flags.template === undefined)) {
        throw new Error('name either a --goal or a --template ("vigil goal list", "vigil audittemplate list")');
      }
      const optimizer = await optimizerOf(flags);
      const template = flags.template === undefined ? null : await optimizer.show(AUDIT_TEMPLATES.path, flags.template);
      const strategy = flags.strategy ?? (template?.strategy_uuid as string | null | undefined) ?? undefined;
      const parameters = await parametersFor(optimizer, strategy, flags.parameter);
      const given = {
        goal: flags.goal,
        audit_template_uuid: template?.uuid,
        strategy: flags.strategy,
        name: flags.name,
        interval: flags.interval,
        start_time: flags.startTime,
        end_time: flags.endTime,
        auto_trigger: flags.autoTrigger,
        force: flags.force,
        parameters: parameters ?? undefined,
      };
      printOne(await optimizer.create(AUDITS.path, { audit_type: flags.type, ...given }), flags);
    });
}

function callCommand(): Command {
  return asking('call')
    .description('have EVENT audits run now, as a webhook would')
    .argument('<ids...>', AUDITS.id)
    .action(async (ids: string[], flags: ClientFlags) => {
      const optimizer = await optimizerOf(flags);
      for (const id of ids) {
        await optimizer.call(id);
        console.log(`audit ${id}: called for`);
      }
    });
}

function cancelCommand(): Command {
  return asking('cancel')
    .description('end audits that wait or run again and again')
    .argument('<ids...>', AUDITS.id)
    .action(async (ids: string[], flags: ClientFlags) => {
      const optimizer = await optimizerOf(flags);
      for (const id of ids) {
        const { state } = await optimizer.edit(AUDITS.path, id, [
          { op: 'replace', path: '/state', value: 'CANCELLED' },
        ]);
        console.log(`audit ${id}: ${state}`);
      }
    });
}
