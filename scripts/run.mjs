import { spawn } from 'node:child_process';
import { root } from './root.mjs';

/**
 * Run a command in the repository's root without a shell, its output collected.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @returns {Promise<{ code: number, output: string }>} output: stdout and stderr as they came
 */
export function run(command, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    /** @type {Buffer[]} */
    const chunks = [];
    child.stdout.on('data', (chunk) => chunks.push(chunk));
    child.stderr.on('data', (chunk) => chunks.push(chunk));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? 1, output: Buffer.concat(chunks).toString('utf8') }));
  });
}

/**
 * The same, but a failure is thrown with all that the command said.
 *
 * @param {string} what for the message: what was being done
 * @param {string} command
 * @param {readonly string[]} args
 * @returns {Promise<void>}
 */
export async function must(what, command, args) {
  const { code, output } = await run(command, args);
  if (code !== 0) throw new Error(`${what} failed (${command} ${args.join(' ')}):\n${output.trimEnd()}`);
}

/** The compiler of the installed packages, for Node to run. */
export const tsc = `${root}/node_modules/typescript/bin/tsc`;
