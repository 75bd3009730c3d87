import { Command } from 'commander';
import { ACTION_PLANS } from '../../../client/collections.ts';
import { type ExplainedPlan, explainPlan } from '../../explain-plan.ts';
import { formatOne } from '../../output/format.ts';
import { followPlan } from '../../plan-progress.ts';
import { asking, type ClientFlags, clientOf } from '../client.ts';
import { type ViewFlags, viewing, viewOf } from '../view.ts';
import { deleteCommand, listCommand, optimizerOf, printOne, showCommand } from './common.ts';

interface StartFlags extends ViewFlags {
  readonly wait?: true;
}

export function planCommand(): Command {
  return new Command('plan')
    .description('what strategies propose to do, and what became of it')
    .addCommand(listCommand(ACTION_PLANS))
    .addCommand(showCommand(ACTION_PLANS))
    .addCommand(explainCommand())
    .addCommand(startCommand())
    .addCommand(cancelCommand())
    .addCommand(deleteCommand(ACTION_PLANS));
}

function explainCommand(): Command {
  return viewing('explain')
    .description('say why a plan was made, what each action is for, and what was not done and why')
    .argument('<uuid>', 'uuid of the plan')
    .action(async (uuid: string, flags: ViewFlags) => {
      const plan = await (await clientOf(flags)).get<ExplainedPlan>(`/plans/${encodeURIComponent(uuid)}`);
      console.log(flags.format === 'table' ? explainPlan(plan).join('\n') : formatOne(plan, viewOf(flags)));
    });
}

function startCommand(): Command {
  return viewing('start')
    .description('carry out a recommended plan')
    .argument('<uuid>', 'uuid of the plan')
    .option('-w, --wait', 'show its actions as they run, until it has ended; fails when the plan does')
    .action(async (uuid: string, flags: StartFlags) => {
      const optimizer = await optimizerOf(flags);
      const started = await optimizer.start(uuid);
      if (flags.wait !== true) {
        printOne(started, flags);
        return;
      }
      const ended = await followPlan(optimizer, uuid, (line) => console.error(line));
      printOne(ended, flags);
      if (ended.state !== 'SUCCEEDED') process.exitCode = 1;
    });
}

function cancelCommand(): Command {
  return asking('cancel')
    .description('stop plans: what nova can stop is stopped (a live migration), what waits is cancelled')
    .argument('<uuids...>', 'uuids of plans')
    .action(async (uuids: string[], flags: ClientFlags) => {
      const optimizer = await optimizerOf(flags);
      for (const uuid of uuids) {
        const { state } = await optimizer.show(ACTION_PLANS.path, uuid);
        const value = state === 'ONGOING' ? 'CANCELLING' : 'CANCELLED';
        const after = await optimizer.edit(ACTION_PLANS.path, uuid, [{ op: 'replace', path: '/state', value }]);
        console.log(`action plan ${uuid}: ${after.state}`);
      }
    });
}
