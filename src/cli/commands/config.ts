import { Command } from 'commander';
import { describeConfig } from '../../config/describe.ts';
import { sampleConfig } from '../../config/sample.ts';
import { configured, type SettingFlags, settingsOf } from './settings.ts';

export function configCommand(): Command {
  return new Command('config')
    .description('the configuration')
    .addCommand(
      new Command('sample')
        .description('print a configuration file with every setting, its default and what it is for')
        .action(() => {
          process.stdout.write(sampleConfig());
        }),
    )
    .addCommand(
      configured('show')
        .description('check the configuration and print what is in force, with where each value comes from')
        .action(async (flags: SettingFlags) => {
          for (const { path, value, origin } of describeConfig(await settingsOf(flags))) {
            console.log(`${path} = ${JSON.stringify(value)}  # ${origin}`);
          }
        }),
    );
}
