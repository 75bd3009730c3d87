import { type Command, Option } from 'commander';
import { FORMATS, type Format, type View } from '../output/format.ts';
import { asking, type ClientFlags } from './client.ts';

export interface ViewFlags extends ClientFlags {
  readonly format: Format;
  readonly column: readonly string[];
}

/** A command that asks a running Vigil and shows what it answers. */
export function viewing(name: string): Command {
  // As with the OpenStack client, -c is a column.
  return asking(name, '--config <file>')
    .addOption(new Option('-f, --format <format>', 'how to show it').choices(FORMATS).default('table'))
    .addOption(
      new Option('-c, --column <name>', 'show only this column; may be repeated')
        .argParser((text: string, before: readonly string[]) => [...before, ...text.split(',')])
        .default([], 'the usual ones'),
    );
}

export function viewOf({ format, column }: ViewFlags): View {
  return { format, columns: column };
}
