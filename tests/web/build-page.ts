import { execFile } from 'node:child_process';
import { cp } from 'node:fs/promises';
import { promisify } from 'node:util';

const COMPILER = 'node_modules/typescript/bin/tsc';
const ASSETS = ['index.html', 'style.css', 'loop.css', 'icon.svg'];

/** Compiles the page into a directory and puts its other files beside, as the build does. */
export async function buildPage(directory: string): Promise<void> {
  await promisify(execFile)(process.execPath, [COMPILER, '-p', 'web', '--outDir', directory]);
  for (const file of ASSETS) await cp(`web/${file}`, `${directory}/${file}`);
}
