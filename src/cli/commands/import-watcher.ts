import { readFile, writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { stringify } from 'yaml';
import { Optimizer } from '../../client/optimizer.ts';
import { connectWatcher } from '../../import-watcher/connect.ts';
import type { Outcome } from '../../import-watcher/outcome.ts';
import { type ReadConfig, readWatcherConf } from '../../import-watcher/read-config.ts';
import { takeOver } from '../../import-watcher/take-over.ts';
import { formatList } from '../output/format.ts';
import { clientOf } from './client.ts';
import { type ViewFlags, viewing, viewOf } from './view.ts';

interface ImportFlags extends ViewFlags {
  readonly watcherUrl?: string;
  readonly watcherConf?: string;
  readonly writeConfig?: string;
  readonly autoTrigger?: true;
  readonly dryRun?: true;
  readonly api: boolean;
}

export function importWatcherCommand(): Command {
  return viewing('import-watcher')
    .description('take over templates, continuous audits and configuration of a Watcher, and say what was and was not')
    .option('--watcher-url <url>', 'where the other Watcher answers; default: as the catalogue of the cloud says')
    .option('--no-api', 'read only its configuration')
    .option('--watcher-conf <file>', 'its watcher.conf')
    .option(
      '--write-config <file>',
      'write the configuration of Vigil that follows from it; the file must not exist yet',
    )
    .option(
      '--auto-trigger',
      'audits that carry out their plans by themselves do so here too; stop the other Watcher first',
    )
    .option('--dry-run', 'only say what would be done')
    .action(async (flags: ImportFlags) => {
      const conf = flags.watcherConf === undefined ? null : await readConf(flags.watcherConf);
      const outcomes = [...(flags.api ? await takeOverAll(flags) : []), ...(conf?.outcomes ?? [])];
      console.log(formatList(outcomes as unknown as readonly Record<string, unknown>[], COLUMNS, viewOf(flags)));
      if (conf !== null && flags.writeConfig !== undefined && flags.dryRun !== true) {
        await writeConfig(flags.writeConfig, conf);
      }
      console.error(summary(outcomes));
    });
}

const COLUMNS = ['kind', 'name', 'result', 'detail'];

async function takeOverAll(flags: ImportFlags): Promise<readonly Outcome[]> {
  const from = await connectWatcher(flags.watcherUrl, flags.osCloud, process.env);
  const { autoTrigger = false, dryRun = false } = flags;
  return takeOver(from, new Optimizer(await clientOf(flags)), { autoTrigger, dryRun, now: Date.now() });
}

async function readConf(file: string): Promise<ReadConfig> {
  try {
    return readWatcherConf(await readFile(file, 'utf8'));
  } catch (error) {
    throw new Error(`${file} cannot be read: ${(error as Error).message}`, { cause: error });
  }
}

/** It holds passwords. */
async function writeConfig(file: string, { settings }: ReadConfig): Promise<void> {
  try {
    await writeFile(file, stringify(settings), { flag: 'wx', mode: 0o600 });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new Error(`cannot write ${file}: ${code === 'EEXIST' ? 'it is there already' : message}`, { cause: error });
  }
  console.error(`${file}: look it over, then "vigil config show --config ${file}"`);
}

function summary(outcomes: readonly Outcome[]): string {
  const results = ['taken', 'mapped', 'there already', 'not taken'] as const;
  const counts = results.map((result) => [outcomes.filter((one) => one.result === result).length, result] as const);
  return counts.map(([count, result]) => `${count} ${result}`).join(', ');
}
