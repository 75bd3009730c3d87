import { type Command, Option } from 'commander';
import { AUDITS, type Collection } from '../../../client/collections.ts';
import type { Fields } from '../../../client/fields.ts';
import { Optimizer } from '../../../client/optimizer.ts';
import { formatList, formatOne } from '../../output/format.ts';
import { wholeNumber } from '../arguments.ts';
import { asking, type ClientFlags, clientOf } from '../client.ts';
import { type ViewFlags, viewing, viewOf } from '../view.ts';

interface ListFlags extends ViewFlags {
  readonly limit?: number;
  readonly [filter: string]: unknown;
}

export async function optimizerOf(flags: ClientFlags): Promise<Optimizer> {
  return new Optimizer(await clientOf(flags));
}

/** `list`, with the filters of the collection. */
export function listCommand(collection: Collection): Command {
  const command = viewing('list').description(`list ${collection.path.replaceAll('_', ' ')}`);
  for (const [name, meaning] of Object.entries(collection.filters)) {
    command.option(`--${flagOf(name)} <${flagOf(name)}>`, meaning);
  }
  return command
    .addOption(new Option('--limit <count>', 'at most so many').argParser(wholeNumber))
    .action(async (flags: ListFlags) => {
      const optimizer = await optimizerOf(flags);
      const filters = Object.fromEntries(Object.keys(collection.filters).map((name) => [name, flags[flagOf(name)]]));
      const { audit_uuid: audit } = filters;
      // The API filters by uuid only; everywhere else an audit may be named.
      if (typeof audit === 'string') filters.audit_uuid = (await optimizer.show(AUDITS.path, audit)).uuid;
      const found = await optimizer.list(collection.path, filters, flags.limit);
      console.log(formatList(found, collection.columns, viewOf(flags)));
    });
}

/** `show`, with all fields of one item. */
export function showCommand(collection: Collection): Command {
  return viewing('show')
    .description(`show one ${collection.noun} with all that is known of it`)
    .argument('<id>', collection.id)
    .action(async (id: string, flags: ViewFlags) => {
      printOne(await (await optimizerOf(flags)).show(collection.path, id), flags);
    });
}

/** `delete`, of one item or several. */
export function deleteCommand(collection: Collection): Command {
  return asking('delete')
    .description(`delete ${collection.path.replaceAll('_', ' ')}`)
    .argument('<ids...>', collection.id)
    .action(async (ids: string[], flags: ClientFlags) => {
      const optimizer = await optimizerOf(flags);
      for (const id of ids) {
        await optimizer.delete(collection.path, id);
        console.log(`${collection.noun} ${id} deleted`);
      }
    });
}

export function printOne(fields: Fields, flags: ViewFlags): void {
  console.log(formatOne(fields, viewOf(flags)));
}

/** A query argument as a flag: plans and audits are named shortly. */
function flagOf(argument: string): string {
  return argument.replace('action_plan_uuid', 'plan').replace('_uuid', '');
}
