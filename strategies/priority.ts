import type { Instance } from '../model/instance.ts';

/** Where owners and operators write how important an instance is: the key Watcher uses. */
export const PRIORITY = 'watcher-priority';

const HIGHEST = 10;

/** From 0 to 10, the greater the more important; 0 when nothing, or nothing that can be read, is said. */
export function priorityOf({ metadata }: Instance): number {
  const said = Number(metadata?.[PRIORITY] ?? 0);
  return Number.isFinite(said) ? Math.min(HIGHEST, Math.max(0, said)) : 0;
}
