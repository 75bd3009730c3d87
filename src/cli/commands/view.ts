import { type Command, Option } from 'commander';
import { FORMATS, type Format, type View } from '../output/format.ts';
import { asking, type ClientFlags } from './client.ts';

/** Flags that say how something is shown. */
export interface Shown {
  readonly format: Format;
  readonly column: readonly string[];
}

export type ViewFlags = ClientFlags & Shown;

/** A command that asks a running Vigil and shows what it answers. */
export function viewing(name: string): Command {
  // As with the OpenStack client, -c is a column.
  return shown(asking(name, '--config <file>'));
}

/** The command, with flags that say how its result is shown. */
export function shown(command: Command): Command {
  return command
    .addOption(new Option('-f, --format <format>', 'how to show it').choices(FORMATS).default('table'))
    .addOption(
      new Option('-c, --column <name>', 'show only this column; may be repeated')
        .argParser((text: string, before: readonly string[]) => [...before, ...text.split(',')])
        .default([], 'the usual ones'),
    );
}

export function viewOf({ format, column }: Shown): View {
  return { format, columns: column };
}
