import type { StoreHealth } from '../../store.ts';
import type { Link } from './link.ts';
import { parseInfo, type ServerInfo } from './server-info.ts';

/** From here on a limited memory is said to be nearly full. */
const NEARLY_FULL = 0.9;

/** What is to be mended on a Redis so that it keeps what it is told; each rule returns a sentence or null. */
const RULES: readonly ((info: ServerInfo) => string | null)[] = [
  (info) =>
    info.get('aof_enabled') === '1'
      ? null
      : 'It keeps no append-only file, so a restart loses the model: set `appendonly yes` (CONFIG SET appendonly yes, CONFIG REWRITE).',
  (info) =>
    info.get('maxmemory_policy') === 'noeviction'
      ? null
      : `With maxmemory-policy ${info.get('maxmemory_policy')} it may drop parts of the model: set \`maxmemory-policy noeviction\`.`,
  (info) =>
    info.get('aof_last_write_status') === 'err'
      ? 'Its last write to the append-only file failed: look for a full or broken disk.'
      : null,
  (info) => (info.get('role') === 'master' ? null : 'It is a replica and cannot be written: name its primary instead.'),
  (info) => {
    const [used, limit] = [Number(info.get('used_memory')), Number(info.get('maxmemory'))];
    if (limit === 0 || used < limit * NEARLY_FULL) return null;
    return `It uses ${used} of ${limit} bytes of memory and will refuse writes when full: raise maxmemory.`;
  },
];

/** Asks a Redis how safe the data is with it; that it cannot be reached is an answer too. */
export async function redisHealth(link: Link): Promise<StoreHealth> {
  const report = (problems: readonly string[]): StoreHealth => ({ kind: 'redis', location: link.where, problems });
  try {
    return report(problemsOf(parseInfo(await link.once((redis) => redis.info()))));
  } catch (error) {
    return report([(error as Error).message]);
  }
}

/** What is to be mended, a sentence each. */
export function problemsOf(info: ServerInfo): string[] {
  return RULES.map((rule) => rule(info)).filter((problem) => problem !== null);
}
