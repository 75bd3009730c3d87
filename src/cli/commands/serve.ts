import type { Command } from 'commander';
import { createLog } from '../../log.ts';
import { serve } from '../serve.ts';
import { configured, type SettingFlags, settingsOf } from './settings.ts';

export function serveCommand(): Command {
  return configured('serve')
    .description('run the service; without a configuration it watches a simulated cloud')
    .action(async (flags: SettingFlags) => {
      const loaded = await settingsOf(flags);
      process.exitCode = await serve(loaded, createLog(loaded.config.log));
    });
}
