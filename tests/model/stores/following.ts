import { NO_REVISION, type Revision } from '../../../model/revision.ts';
import type { Change, Followed, ModelStore } from '../../../model/store.ts';

export type Reset = Extract<Followed, { kind: 'reset' }>;

/** A follower that runs on its own and can be asked what it has read so far. */
export interface Following {
  readonly changes: readonly Change[];
  readonly resets: readonly Reset[];
  /** Resolves once something holds of what was read; rejects when following ends before. */
  until(holds: (following: Following) => boolean): Promise<void>;
  /** Resolves when the store has ended it, rejects when it failed. */
  readonly ended: Promise<void>;
}

/** Follows in the background until the store is closed. `each` sees everything in its order. */
export function startFollowing(
  store: ModelStore,
  after: Revision = NO_REVISION,
  each: (followed: Followed) => void = () => undefined,
): Following {
  const changes: Change[] = [];
  const resets: Reset[] = [];
  let wake: (() => void)[] = [];
  let over = false;
  const notify = (): void => {
    const waiting = wake;
    wake = [];
    for (const resolve of waiting) resolve();
  };
  const read = async (): Promise<void> => {
    try {
      for await (const followed of store.follow(after)) {
        if (followed.kind === 'reset') resets.push(followed);
        else changes.push(...followed.changes);
        each(followed);
        notify();
      }
    } finally {
      over = true;
      notify();
    }
  };
  const following: Following = {
    changes,
    resets,
    until: async (holds) => {
      while (!holds(following)) {
        if (over) throw new Error('following ended before');
        await new Promise<void>((resolve) => wake.push(resolve));
      }
    },
    ended: read(),
  };
  following.ended.catch(() => undefined); // who is interested awaits it
  return following;
}
