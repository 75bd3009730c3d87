import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { NODE_FLAGS } from '../../src/node-flags.ts';
import type { Side } from './side.ts';
import type { Settings, SideName } from './table.ts';

/** What a side's process is told. */
export type Task = { readonly kind: 'round'; readonly task: string } | { readonly kind: 'close' };

/** What it answers: once when it is prepared, then to each round. */
export type Answer =
  | { readonly kind: 'value'; readonly value: number }
  | { readonly kind: 'failed'; readonly reason: string };

/** A side whose process can be stopped in its tracks for a while. */
export interface RemoteSide extends Side {
  pause(): void;
  resume(): void;
}

const PROCESS = fileURLToPath(new URL('./process.js', import.meta.url));

/** Prepares a side in a process of its own, run as Vigil is, so that no heap but its own weighs on it. Rejects with its error. */
export async function startSide<Name extends SideName>(name: Name, settings: Settings<Name>): Promise<RemoteSide> {
  const child = fork(PROCESS, [name, JSON.stringify(settings ?? null)], {
    execArgv: ['--expose-gc', ...NODE_FLAGS],
  });
  await answerOf(child, name);
  return {
    round: async (task) => {
      const answered = answerOf(child, name);
      child.send({ kind: 'round', task } satisfies Task);
      return answered;
    },
    pause: () => child.kill('SIGSTOP'),
    resume: () => child.kill('SIGCONT'),
    close: async () => {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.send({ kind: 'close' } satisfies Task);
      await ended;
    },
  };
}

function answerOf(child: ChildProcess, name: SideName): Promise<number> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null): void => reject(new Error(`${name} ended with exit code ${code}`));
    child.once('exit', onExit);
    child.once('message', (answer: Answer) => {
      child.off('exit', onExit);
      if (answer.kind === 'value') return resolve(answer.value);
      child.kill();
      reject(new Error(`${name}: ${answer.reason}`));
    });
  });
}
