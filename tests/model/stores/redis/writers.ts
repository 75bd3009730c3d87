import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Revision } from '../../../../model/revision.ts';
import type { WriterTask } from './writer.ts';

const loader = new URL('../typescript.mjs', import.meta.url).href;
const program = fileURLToPath(new URL('./writer.ts', import.meta.url));

/** A writer in a process of its own. */
export interface Writer {
  /** The revisions of its commits that were acknowledged, in its order. */
  readonly acknowledged: readonly Revision[];
  /** Resolves after so many were, rejects when it ends before. */
  reached(count: number): Promise<void>;
  /** SIGKILL. */
  kill(): Promise<void>;
  /** Resolves when it has done all and ended well. */
  readonly done: Promise<void>;
}

export function startWriter(task: WriterTask): Writer {
  const child = spawn(process.execPath, ['--import', loader, program, JSON.stringify(task)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const acknowledged: Revision[] = [];
  let errors = '';
  child.stderr.on('data', (text) => {
    errors += text;
  });
  const lines = createInterface({ input: child.stdout });
  lines.on('line', (line) => acknowledged.push(line.split(' ')[1] as Revision));
  const done = ended(child, () => errors);
  done.catch(() => undefined); // who is interested awaits it
  return {
    acknowledged,
    reached: async (count) => {
      while (acknowledged.length < count) {
        await Promise.race([once(lines, 'line'), done]);
        if (child.exitCode !== null && acknowledged.length < count) throw new Error(`a writer ended before: ${errors}`);
      }
    },
    kill: async () => {
      child.kill('SIGKILL');
      await done.catch(() => undefined);
    },
    done,
  };
}

async function ended(child: ChildProcess, errors: () => string): Promise<void> {
  const [code, signal] = await once(child, 'close');
  if (code !== 0) throw new Error(`a writer ended with ${code ?? signal}: ${errors()}`);
}
