import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { watcherClientPython } from '../../servers/watcher-client.ts';

/** What one command did. */
export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** The command line of python-watcherclient, in one process for many commands: its start takes longer than its work. */
export class WatcherCli {
  readonly #process: ChildProcess;
  readonly #answers: AsyncIterator<string>;
  readonly #options: readonly string[];

  /** `options` are put before every command. */
  constructor(options: readonly string[], environment: NodeJS.ProcessEnv = {}) {
    this.#options = options;
    this.#process = spawn(watcherClientPython(), [join(import.meta.dirname, 'driver.py')], {
      env: { PATH: process.env.PATH, ...environment },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const { stdout } = this.#process;
    if (stdout === null) throw new Error('the client has no output');
    this.#answers = createInterface({ input: stdout })[Symbol.asyncIterator]();
  }

  async run(...command: readonly string[]): Promise<Ran> {
    this.#process.stdin?.write(`${JSON.stringify([...this.#options, ...command])}\n`);
    const { value, done } = await this.#answers.next();
    if (done) throw new Error('the client ended');
    return JSON.parse(value) as Ran;
  }

  /** Runs a command that prints its result, and reads that. @throws Error with what it said when it fails */
  async read<T>(...command: readonly string[]): Promise<T> {
    const { code, out, err } = await this.run(...command, '-f', 'json');
    if (code !== 0) throw new Error(`watcher ${command.join(' ')}: ${code}\n${err}${out}`);
    return JSON.parse(out) as T;
  }

  end(): void {
    this.#process.stdin?.end();
  }
}
