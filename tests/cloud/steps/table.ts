import { HOSTS } from './hosts.ts';
import { LIFE } from './life.ts';
import { MOVES } from './moves.ts';
import type { Step } from './step.ts';

/** All of it, in the order in which it is done. */
export const STEPS: readonly Step[] = [...LIFE.slice(0, -1), ...MOVES, ...HOSTS, ...LIFE.slice(-1)];
