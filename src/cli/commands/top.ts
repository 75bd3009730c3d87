import { setTimeout as pause } from 'node:timers/promises';
import type { Command } from 'commander';
import type { ApiClient } from '../../client/api-client.ts';
import { readHosts, renderHosts } from '../top.ts';
import { asking, type ClientFlags, clientOf } from './client.ts';

interface TopFlags extends ClientFlags {
  readonly once?: true;
}

const REFRESH_MILLIS = 1_000;
/** Lines of the terminal that are not hosts. */
const FRAME = 5;
const ALTERNATE_SCREEN = { enter: '\x1b[?1049h\x1b[?25l', leave: '\x1b[?25h\x1b[?1049l' };
const REDRAW = { begin: '\x1b[H', endOfLine: '\x1b[K\n', rest: '\x1b[J' };

export function topCommand(): Command {
  return asking('top')
    .description('show the hosts with their load, live')
    .option('--once', 'print all of them once and end')
    .action(async (flags: TopFlags) => {
      const api = await clientOf(flags);
      if (flags.once === true || !process.stdout.isTTY) {
        console.log(renderHosts(await readHosts(api), Number.POSITIVE_INFINITY).join('\n'));
      } else {
        await live(api);
      }
    });
}

async function live(api: ApiClient): Promise<void> {
  const leave = (): void => void process.stdout.write(ALTERNATE_SCREEN.leave);
  process.once('exit', leave);
  process.once('SIGINT', () => process.exit(0));
  process.stdout.write(ALTERNATE_SCREEN.enter);
  for (;;) {
    const lines = renderHosts(await readHosts(api), Math.max(1, process.stdout.rows - FRAME));
    process.stdout.write(REDRAW.begin + lines.map((line) => line + REDRAW.endOfLine).join('') + REDRAW.rest);
    await pause(REFRESH_MILLIS);
  }
}
