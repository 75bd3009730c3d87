import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Redis } from 'ioredis';

/** A Lua script, named by its hash once Redis has it. */
export interface Script {
  readonly text: string;
  readonly sha: string;
}

/** Each is described at the top of its file. */
export const JOIN = load('join');
export const SCAN = load('scan');
export const HISTORY = load('history');
export const RECORDS = load('records');
export const LEDGER = load('ledger');
export const LEASE = load('lease');

function load(name: string): Script {
  const text = readFileSync(new URL(`./${name}.lua`, import.meta.url), 'utf8');
  return { text, sha: createHash('sha1').update(text).digest('hex') };
}

/** Runs a script by its hash; sends its text when Redis does not have it (any more). */
export async function runScript(
  redis: Redis,
  script: Script,
  keys: readonly string[],
  args: readonly (string | number)[],
): Promise<unknown> {
  try {
    return await redis.evalsha(script.sha, keys.length, ...keys, ...args);
  } catch (error) {
    if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
    return redis.eval(script.text, keys.length, ...keys, ...args);
  }
}
