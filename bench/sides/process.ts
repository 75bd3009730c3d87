import type { Answer, Task } from './remote.ts';
import type { Side } from './side.ts';
import { SIDES, type SideName } from './table.ts';

// The process of a side: told by its arguments what it is, by messages what to do.

const [name = '', settings = 'null'] = process.argv.slice(2);
const open = SIDES[name as SideName] as (settings: unknown) => Promise<Side>;

function answer(message: Answer): void {
  process.send?.(message);
}

function failed(error: unknown): void {
  answer({ kind: 'failed', reason: error instanceof Error ? (error.stack ?? error.message) : String(error) });
}

async function perform(side: Side, task: Task): Promise<void> {
  if (task.kind === 'round') {
    answer({ kind: 'value', value: await side.round(task.task) });
  } else {
    await side.close();
    process.disconnect();
  }
}

process.on('uncaughtException', failed);
process.on('unhandledRejection', failed);
// Whoever measures is gone, or told this side to end.
process.on('disconnect', () => process.exit());
try {
  const side = await open(JSON.parse(settings));
  process.on('message', (task: Task) => void perform(side, task).catch(failed));
  answer({ kind: 'value', value: 0 });
} catch (error) {
  failed(error);
}
