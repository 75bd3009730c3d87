import type { Pass } from './pass.ts';

/** The ways a collector reads its part of the cloud, each at an interval of its own. */
export const PASS_KINDS = ['full', 'changes', 'services', 'touched'] as const;

/**
 * `full`: everything, and what is gone. `changes`: what changed since the last time. `services`: what nobody notifies of.
 * `touched`: what no notification tells of the things that notifications told of.
 */
export type PassKind = (typeof PASS_KINDS)[number];

/** What is read by itself, at once. */
export type Target = { readonly kind: 'instance' | 'host'; readonly id: string };

/**
 * Reads one service of a cloud into the model. Compute (nova with placement) is the one there is; storage (cinder) and bare
 * metal (ironic) will be others, run by the same reconciler.
 */
export interface Collector {
  readonly name: 'compute' | 'storage' | 'baremetal';
  /** This process is the one that makes passes from now on: what it found in passes of before is of no account. */
  begin(): void;
  /** Whether everything it was to read was read: else the model cannot be taken for the cloud. */
  run(kind: PassKind, pass: Pass): Promise<boolean>;
  /** Whether there is such a thing, or was in the model. */
  read(target: Target, pass: Pass): Promise<boolean>;
  /** Something happened to it, so that what no notification tells of it may have changed. Time in µs. */
  touch(target: Target, now: number): void;
  /** Forgets of what was touched what another process will have read by now. Time in µs. */
  passOver(now: number): void;
  /** Names and numbers of what is missing from lists and held. */
  held(): ReadonlyMap<string, number>;
  /** An operator says that what is held is really gone: it is asked for at the next full pass. */
  confirmAbsences(): void;
}
