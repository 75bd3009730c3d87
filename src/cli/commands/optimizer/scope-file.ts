import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';

/** A scope from a file. JSON is YAML too; what it must be like the service checks. */
export async function readScope(file: string): Promise<unknown> {
  try {
    return parse(await readFile(file, 'utf8')) as unknown;
  } catch (error) {
    throw new Error(`the scope cannot be read from ${file}: ${(error as Error).message}`, { cause: error });
  }
}
