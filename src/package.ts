import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Vigil's version, from the package.json above this file (compiled or not). */
export const VERSION: string = findVersion(import.meta.dirname);

function findVersion(folder: string): string {
  try {
    return (JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string }).version;
  } catch (error) {
    const parent = dirname(folder);
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || parent === folder) throw error;
    return findVersion(parent);
  }
}
