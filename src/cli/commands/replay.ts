import { Command, Option } from 'commander';
import { printable } from '../printable.ts';
import { replay } from '../replay.ts';

/** By exits, at which what is temporary is removed; with the codes that a shell gives to those who died of them. */
const SIGNALS = [
  ['SIGINT', 2],
  ['SIGTERM', 15],
] as const;
const SIGNALLED = 128;

export function replayCommand(): Command {
  return new Command('replay')
    .description('join all facts of recordings in a fresh temporary store and print where everything ended')
    .argument('<files...>', 'JSON lines: bare notification bodies, or what `vigil record` wrote')
    .addOption(new Option('--print <what>', 'what to print').choices(['instances']).default('instances'))
    .action(async (files: string[]) => {
      for (const [signal, number] of SIGNALS) process.once(signal, () => process.exit(SIGNALLED + number));
      const instances = await replay(files, (text) => console.error(`dead letter: ${printable(text)}`));
      console.log(JSON.stringify(instances));
    });
}
