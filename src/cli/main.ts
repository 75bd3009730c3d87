#!/usr/bin/env node
import { Command } from 'commander';
import { RecordingError } from '../../streams/sources/recording.ts';
import { VERSION } from '../package.ts';
import { automationCommand } from './commands/automation.ts';
import { catalogCommand } from './commands/catalog.ts';
import { configCommand } from './commands/config.ts';
import { doctorCommand } from './commands/doctor.ts';
import { importWatcherCommand } from './commands/import-watcher.ts';
import { modelCommand } from './commands/model.ts';
import { actionCommand } from './commands/optimizer/action.ts';
import { auditCommand } from './commands/optimizer/audit.ts';
import { auditTemplateCommand } from './commands/optimizer/audit-template.ts';
import { goalCommand } from './commands/optimizer/goal.ts';
import { planCommand } from './commands/optimizer/plan.ts';
import { strategyCommand } from './commands/optimizer/strategy.ts';
import { recordCommand } from './commands/record.ts';
import { replayCommand } from './commands/replay.ts';
import { serveCommand } from './commands/serve.ts';
import { slaCommand } from './commands/sla.ts';
import { topCommand } from './commands/top.ts';
import { watchCommand } from './commands/watch.ts';

/** An input that cannot be read at all. */
const UNREADABLE = 2;
const FAILED = 1;

const program = new Command('vigil')
  .description('A live, trustworthy model of an OpenStack cloud, built from nova’s notifications.')
  .version(VERSION)
  .showHelpAfterError()
  .addCommand(serveCommand())
  .addCommand(watchCommand())
  .addCommand(topCommand())
  .addCommand(modelCommand())
  .addCommand(goalCommand())
  .addCommand(strategyCommand())
  .addCommand(auditTemplateCommand())
  .addCommand(auditCommand())
  .addCommand(planCommand())
  .addCommand(actionCommand())
  .addCommand(automationCommand())
  .addCommand(catalogCommand())
  .addCommand(importWatcherCommand())
  .addCommand(recordCommand())
  .addCommand(replayCommand())
  .addCommand(doctorCommand())
  .addCommand(slaCommand())
  .addCommand(configCommand());

// Whoever reads what is written has had enough of it (`vigil watch | head`): a service does not end well by that.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(process.argv[2] === 'serve' ? FAILED : 0);
  console.error(`vigil: cannot write to standard output: ${error.message}`);
  process.exit(FAILED);
});
// Nobody listens to complaints: what is asked for is done all the same.
process.stderr.on('error', () => undefined);

try {
  await program.parseAsync();
} catch (error) {
  console.error(`vigil: ${(error as Error).message}`);
  // What was begun before (a simulated cloud, a connection that is tried again) would keep the process.
  process.exit(error instanceof RecordingError ? UNREADABLE : FAILED);
}
