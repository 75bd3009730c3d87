#!/usr/bin/env node
import { Command } from 'commander';
import { RecordingError } from '../../streams/sources/recording.ts';
import { replay } from './replay.ts';

const program = new Command('vigil').description('A live, trustworthy model of an OpenStack cloud');

program
  .command('replay')
  .description('join all facts of recordings in a fresh temporary store and print where everything ended')
  .argument('<files...>', 'JSON lines: bare notification bodies, or what `vigil record` wrote')
  .option('--print <what>', 'what to print: instances', 'instances')
  .action(async (files: string[]) => {
    const instances = await replay(files, (text) => console.error(`dead letter: ${text}`));
    console.log(JSON.stringify(instances));
  });

try {
  await program.parseAsync();
} catch (error) {
  console.error(`vigil: ${(error as Error).message}`);
  process.exitCode = error instanceof RecordingError ? 2 : 1;
}
