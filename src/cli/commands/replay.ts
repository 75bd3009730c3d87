import { constants } from 'node:os';
import { Command, Option } from 'commander';
import { printable } from '../printable.ts';
import { replay } from '../replay.ts';

/** Added to a signal's number, this is the exit code that a shell gives to who died of it. */
const SIGNALLED = 128;

export function replayCommand(): Command {
  return new Command('replay')
    .description('join all facts of recordings in a fresh temporary store and print where everything ended')
    .argument('<files...>', 'JSON lines: bare notification bodies, or what `vigil record` wrote')
    .addOption(new Option('--print <what>', 'what to print').choices(['instances']).default('instances'))
    .action(async (files: string[]) => {
      // By exits, at which what is temporary is removed.
      for (const signal of ['SIGINT', 'SIGTERM'] as const)
        process.once(signal, () => process.exit(SIGNALLED + constants.signals[signal]));
      const instances = await replay(files, (text) => console.error(`dead letter: ${printable(text)}`));
      console.log(JSON.stringify(instances));
    });
}
