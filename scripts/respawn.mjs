import { spawn } from 'node:child_process';

/**
 * Whether this process runs with these flags, or with other values of the same ones.
 *
 * @param {readonly string[]} flags `--name=value`
 * @returns {boolean}
 */
export function runsWith(flags) {
  const given = [...process.execArgv, ...(process.env.NODE_OPTIONS ?? '').split(/\s+/)].map(nameOf);
  return flags.every((flag) => given.includes(nameOf(flag)));
}

/** What a process dies of by itself: most likely of a file that is mapped into its memory and is not what it was. */
const BROKEN = new Set(['SIGSEGV', 'SIGBUS', 'SIGABRT', 'SIGILL']);

/** @param {string} flag */
function nameOf(flag) {
  return flag.replace(/=.*/, '').replaceAll('_', '-');
}

/**
 * Run this very command in a child with more flags for Node, which cannot be set later, and end as it ends. The child is
 * told to stop by a message: a terminal or a supervisor may well have sent it the signal too. It stops as well when this
 * process is gone.
 *
 * @param {readonly string[]} flags
 * @returns {void}
 */
export function respawn(flags) {
  const child = spawn(process.execPath, [...flags, ...process.execArgv, ...process.argv.slice(1)], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  });
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.connected && child.send('stop'));
  child.on('error', (error) => {
    process.stderr.write(`vigil: ${error.message}\n`);
    process.exit(1);
  });
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code ?? 1);
    if (BROKEN.has(signal))
      process.stderr.write(
        `vigil: the process broke (${signal}); are the files of its embedded store (store.path) damaged?\n`,
      );
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}
