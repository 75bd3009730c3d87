import { HOSTS } from './hosts.ts';
import { LIFE } from './life.ts';
import { MOVES } from './moves.ts';
import { PLACEMENTS } from './placements.ts';
import type { Step } from './step.ts';

/** All of it, in the order in which it is done. */
export const STEPS: readonly Step[] = [...LIFE.slice(0, -1), ...MOVES, ...HOSTS, ...PLACEMENTS, ...LIFE.slice(-1)];
