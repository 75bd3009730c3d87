import { type Command, Option } from 'commander';
import { flagOverlay } from '../../config/overlay.ts';
import { createLog } from '../../log.ts';
import { ROLES } from '../../roles.ts';
import { serve } from '../serve.ts';
import { configured, type SettingFlags, settingsOf } from './settings.ts';

interface ServeFlags extends SettingFlags {
  readonly role?: readonly string[];
}

export function serveCommand(): Command {
  return configured('serve')
    .description('run the service; without a configuration it watches a simulated cloud')
    .addOption(new Option('-r, --role <role...>', 'what this process does, default: all').choices(ROLES))
    .action(async (flags: ServeFlags) => {
      const roles = flags.role === undefined ? [] : [flagOverlay('roles', flags.role.join(','), '--role')];
      const loaded = await settingsOf(flags, roles);
      process.exitCode = await serve(loaded, createLog(loaded.config.log));
    });
}
