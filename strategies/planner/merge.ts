import type { ProposedAction } from '../strategy.ts';
import { resourceOf } from './inputs.ts';

/**
 * Leaves out what repeats an earlier action: the same done to the same thing, with nothing else done to it in between.
 * Watcher's planner does so too, and clients count on it.
 */
export function merge(proposed: readonly ProposedAction[]): ProposedAction[] {
  const last = new Map<string, string>();
  const seen = new Set<string>();
  return proposed.filter((action) => {
    const said = `${action.type} ${canonical(action.input)}`;
    const resource = resourceOf(action);
    if (resource === null) return !seen.has(said) && seen.add(said);
    if (last.get(resource) === said) return false;
    last.set(resource, said);
    return true;
  });
}

/** The same text for the same value, in whatever order its keys were written. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
