import { expect, it } from 'vitest';
import { OwnStanding, Standings } from '../../src/standings.ts';
import { temporaryStore } from '../model/stores/temporary.ts';

const SYNCED = { synced: true, reasons: [], ageSeconds: 1 };
const NOBODY = 'no process that ingests is heard of';

it('the model is trusted as far as every process that ingests trusts it, while they are heard of', async () => {
  const { store, dispose } = await temporaryStore();
  try {
    const standings = new Standings();
    const [one, other] = [new OwnStanding(store, 1, 'one'), new OwnStanding(store, 2, 'other')];
    const hear = (now: number): Promise<void> => standings.read(store, now);
    expect(standings.now(true, 0)).toEqual({ synced: false, reasons: [NOBODY], ageSeconds: null });

    await one.tell(SYNCED);
    await hear(0);
    // It may have been there for days.
    expect(standings.now(true, 0).reasons).toEqual([NOBODY]);
    await one.tell(SYNCED);
    await hear(2_000);
    expect(standings.now(true, 4_000)).toEqual({ synced: true, reasons: [], ageSeconds: 3 });
    expect(standings.now(false, 4_000)).toMatchObject({ synced: false, reasons: ['the store is still being loaded'] });

    const cut = { synced: false, reasons: ['amqp:nova is not connected: refused'], ageSeconds: 9 };
    for (const now of [5_000, 6_000]) {
      await other.tell(cut);
      await hear(now);
    }
    expect(standings.now(true, 6_000)).toMatchObject({ synced: false, reasons: cut.reasons });

    // The other one is gone.
    await one.tell(SYNCED);
    await hear(20_000);
    expect(standings.now(true, 22_000)).toMatchObject({ synced: true, reasons: [] });
    expect(standings.now(true, 36_000).reasons).toEqual([NOBODY]);
  } finally {
    await dispose();
  }
});

it('the one that makes the passes is, of several that say so, the one with the greatest token, while it is heard of', async () => {
  const { store, dispose } = await temporaryStore();
  try {
    const standings = new Standings();
    const [paused, next] = [new OwnStanding(store, 1, 'paused'), new OwnStanding(store, 2, 'next')];
    const passes = (term: number) => ({
      term,
      ended: 1,
      complete: 1,
      report: null,
      held: { instance: 30 },
      intervals: { full: 3_600, changes: 60, services: 15, touched: 5 },
    });
    const say = async (now: number): Promise<void> => {
      await next.tell(SYNCED, passes(8));
      await paused.tell(SYNCED, passes(7));
      await standings.read(store, now);
    };
    await say(0);
    // It may have been there for days.
    expect(standings.leader(0)).toBe(null);
    await say(2_000);
    expect(standings.leader(4_000)).toEqual({ passes: passes(8), ageSeconds: 3 });
    await next.tell(SYNCED, null);
    await paused.tell(SYNCED, null);
    await standings.read(store, 5_000);
    expect(standings.leader(5_000)).toBe(null);
    await say(6_000);
    expect(standings.leader(22_000)).toBe(null);
  } finally {
    await dispose();
  }
});
