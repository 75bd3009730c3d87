import { Command, Option } from 'commander';
import { type LoadedConfig, loadConfig } from '../../config/load.ts';
import { flagOverlay, type Overlay } from '../../config/overlay.ts';

/** Where a command's settings come from, as given on the command line. */
export interface SettingFlags {
  readonly config?: string;
  readonly set: readonly string[];
}

/** A command that reads the configuration; `-c` is the file's, unless the command needs it for something else. */
export function configured(name: string, fileFlag = '-c, --config <file>'): Command {
  return new Command(name)
    .option(fileFlag, 'configuration file; default: vigil.yaml here, or /etc/vigil/vigil.yaml')
    .addOption(
      new Option('--set <path=value>', 'a setting, before file and environment; may be repeated')
        .argParser((text: string, before: readonly string[]) => [...before, text])
        .default([], 'none'),
    );
}

/** The configuration these flags ask for, and a command's own. Throws an Error that lists everything that is wrong. */
export function settingsOf(flags: SettingFlags, own: readonly Overlay[] = []): Promise<LoadedConfig> {
  const overlays = flags.set.map((text) => {
    const equals = text.indexOf('=');
    if (equals < 1) throw new Error(`--set ${text}: write it as path=value, such as listen.port=9000`);
    return flagOverlay(text.slice(0, equals), text.slice(equals + 1), '--set');
  });
  return loadConfig({ file: flags.config, env: process.env, flags: [...overlays, ...own] });
}
