import { styleText } from 'node:util';
import type { Command } from 'commander';
import { examine } from '../../doctor/examine.ts';
import type { Finding } from '../../doctor/finding.ts';
import { printable } from '../printable.ts';
import { asking, type ClientFlags, clientOf } from './client.ts';
import { settingsOf } from './settings.ts';

const COLOURS = { ok: 'green', warning: 'yellow', failure: 'red' } as const;

export function doctorCommand(): Command {
  return asking('doctor')
    .description('look at configuration, brokers, store and a running Vigil, and say what to mend; changes nothing')
    .action(async (flags: ClientFlags) => {
      const { config } = await settingsOf(flags);
      const findings = await examine(config, await clientOf(flags));
      for (const finding of findings) console.log(lineOf(finding));
      if (findings.some(({ verdict }) => verdict === 'failure')) process.exitCode = 1;
    });
}

function lineOf({ about, verdict, text, mend }: Finding): string {
  const line = `${styleText(COLOURS[verdict], verdict.padEnd(8))} ${about.padEnd(14)} ${printable(text)}`;
  return mend === undefined ? line : `${line}\n${' '.repeat(24)}→ ${mend}`;
}
