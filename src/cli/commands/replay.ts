import { Command, Option } from 'commander';
import { printable } from '../printable.ts';
import { replay } from '../replay.ts';

export function replayCommand(): Command {
  return new Command('replay')
    .description('join all facts of recordings in a fresh temporary store and print where everything ended')
    .argument('<files...>', 'JSON lines: bare notification bodies, or what `vigil record` wrote')
    .addOption(new Option('--print <what>', 'what to print').choices(['instances']).default('instances'))
    .action(async (files: string[]) => {
      const instances = await replay(files, (text) => console.error(`dead letter: ${printable(text)}`));
      console.log(JSON.stringify(instances));
    });
}
