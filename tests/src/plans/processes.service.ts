import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { RestFault } from '../../../sim/index.ts';
import { useRedis } from '../../services/use.ts';
import type { Possible } from './moves.ts';
import { type Call, PATIENCE, type Site, startSite } from './site.ts';

/** As many plans are carried out at once; more wait. */
const PLANS_AT_ONCE = 4;
const STORES = ['redis', 'embedded'] as const;

/** A moment in the life of an action, by the calls that nova sees of it. */
interface Moment {
  readonly name: string;
  /** To be told of each call about the instance from the start of the plan on; whether this call is the moment. */
  readonly recognise: (uuid: string) => (call: Call) => boolean;
  /** Nova never hears of the call at which it comes. */
  readonly unheard?: boolean;
}

const asks =
  (uuid: string) =>
  ({ method, path }: Call): boolean =>
    method === 'POST' && path === `/servers/${uuid}/action`;
const reads =
  (uuid: string) =>
  ({ method, path }: Call): boolean =>
    method === 'GET' && path === `/servers/${uuid}`;

/** The first call of a kind after one of another. */
function after(first: (call: Call) => boolean, then: (call: Call) => boolean): (call: Call) => boolean {
  let seen = false;
  return (call) => {
    if (seen) return then(call);
    seen = first(call);
    return false;
  };
}

/** The intent is kept between the look for the newest migration and the last look at the server. */
const intentKept = (uuid: string): ((call: Call) => boolean) =>
  after(({ path }) => path === `/os-migrations?instance_uuid=${uuid}&limit=1`, reads(uuid));

const MOMENTS: readonly Moment[] = [
  { name: 'while it looks whether an action may begin', recognise: reads },
  { name: 'after it kept what it is about to ask', recognise: intentKept },
  { name: 'as nova takes the call, before it hears so', recognise: asks },
  { name: 'as it calls, before nova hears of it', recognise: asks, unheard: true },
  { name: 'while the instance moves', recognise: (uuid) => after(asks(uuid), reads(uuid)) },
];

/** Moments before nova is asked at which a plan is cancelled and the engine killed. */
const CANCELLED_AT: readonly Moment[] = [
  { name: 'while it looks whether an action may begin', recognise: reads },
  { name: 'after it kept what it is about to ask', recognise: intentKept },
];

describe.each(STORES)('on %s, an engine that is killed', (store) => {
  let site: Site;
  let moves: Possible[];
  beforeAll(async () => {
    site = await startSite(store === 'redis' ? await useRedis() : null);
    moves = [...(await site.moves(MOMENTS.length + CANCELLED_AT.length + 4))];
  });
  afterAll(() => site.close());

  /** The engine that acts is killed at a moment of a move, and another acts, or itself anew; calls that nova carried out. */
  async function killedAt(
    { recognise, unheard }: Moment,
    move: Possible,
  ): Promise<{ calls: number; killed: Promise<void> }> {
    const isMoment = recognise(move.uuid);
    const isCall = asks(move.uuid);
    const found = { calls: 0, killed: Promise.resolve() };
    let over = false;
    site.onCall = (call): RestFault | null => {
      const now = !over && isMoment(call);
      if (now) {
        over = true;
        found.killed = replaceFirst(site);
      }
      if (now && unheard === true) return { kind: 'hang' };
      if (isCall(call)) found.calls += 1;
      return null;
    };
    return found;
  }

  it.each(MOMENTS)('$name leaves the plan to be carried out, once', async (moment) => {
    const move = moves.pop() as Possible;
    const found = await killedAt(moment, move);
    const plan = await site.start(move);
    const ended = await site.ended(plan);
    await found.killed;
    await standBy(site);
    expect(ended).toMatchObject({ state: 'SUCCEEDED', actions: [{ state: 'SUCCEEDED' }] });
    expect(site.hostOf(move.uuid)).toBe(move.to);
    expect(found.calls).toBe(1);
  });

  it('while it runs an audit leaves that to be run, once', async () => {
    site.onCall = ({ path }) => (path.startsWith('/servers/detail') ? { kind: 'hang' } : null);
    const audit = await site.audit({ goal: 'dummy', strategy: 'dummy', parameters: { force_refresh: true } });
    await site.reaches('audits', audit, 'ONGOING');
    expect(await site.plansOf(audit)).toEqual([]);
    site.onCall = () => null;
    await replaceFirst(site);
    await site.reaches('audits', audit, 'SUCCEEDED');
    expect(await site.plansOf(audit)).toHaveLength(1);
    await standBy(site);
  });

  it.each(['SUSPENDED', 'CANCELLED'])(
    'after an audit was %s while it ran leaves it so, and nothing of it',
    async (state) => {
      site.onCall = ({ path }) => (path.startsWith('/servers/detail') ? { kind: 'hang' } : null);
      const audit = await site.audit({ goal: 'dummy', strategy: 'dummy', parameters: { force_refresh: true } });
      await site.reaches('audits', audit, 'ONGOING');
      await site.setState('audits', audit, state);
      site.onCall = () => null;
      await replaceFirst(site);
      await runsAudits(site);
      await site.reaches('audits', audit, state);
      expect(await site.plansOf(audit)).toEqual([]);
      if (state === 'SUSPENDED') {
        await site.setState('audits', audit, 'ONGOING');
        await site.reaches('audits', audit, 'SUCCEEDED');
        expect(await site.plansOf(audit)).toHaveLength(1);
      }
      await standBy(site);
    },
  );

  it('while a CONTINUOUS audit is SUSPENDED leaves it so until it is resumed', async () => {
    const audit = await site.audit({ audit_type: 'CONTINUOUS', interval: '1', goal: 'dummy', strategy: 'dummy' });
    await vi.waitUntil(async () => (await site.plansOf(audit)).length > 1, PATIENCE);
    await site.setState('audits', audit, 'SUSPENDED');
    await replaceFirst(site);
    await runsAudits(site);
    const before = await site.plansOf(audit);
    await runsAudits(site);
    await site.reaches('audits', audit, 'SUSPENDED');
    expect(await site.plansOf(audit)).toEqual(before);
    await site.setState('audits', audit, 'ONGOING');
    await vi.waitUntil(async () => (await site.plansOf(audit)).length > before.length, PATIENCE);
    await site.setState('audits', audit, 'CANCELLED');
    await standBy(site);
  });

  it('while a plan waits for somebody leaves it as it is', async () => {
    const move = moves.pop() as Possible;
    const plan = await site.plan(move);
    await replaceFirst(site);
    await site.reaches('action_plans', plan, 'RECOMMENDED');
    await site.carryOut(plan);
    expect(await site.ended(plan)).toMatchObject({ state: 'SUCCEEDED', actions: [{ state: 'SUCCEEDED' }] });
    expect(site.hostOf(move.uuid)).toBe(move.to);
    await standBy(site);
  });

  it('while a plan waits for its turn leaves it to be carried out, once', async () => {
    const [first, last] = [moves.pop(), moves.pop()] as [Possible, Possible];
    const plans = await Promise.all(Array.from({ length: PLANS_AT_ONCE }, () => site.plan(first)));
    const waiting = await site.plan(last);
    let calls = 0;
    // As many as are carried out at once get no further than to look at the instance.
    site.onCall = (call) => (reads(first.uuid)(call) ? { kind: 'hang' } : null);
    for (const plan of plans) await site.carryOut(plan);
    for (const plan of plans) await site.reaches('action_plans', plan, 'ONGOING');
    await site.carryOut(waiting);
    await site.reaches('action_plans', waiting, 'PENDING');
    site.onCall = (call) => {
      if (asks(last.uuid)(call)) calls += 1;
      return null;
    };
    await replaceFirst(site);
    expect(await site.ended(waiting)).toMatchObject({ state: 'SUCCEEDED', actions: [{ state: 'SUCCEEDED' }] });
    expect(site.hostOf(last.uuid)).toBe(last.to);
    expect(calls).toBe(1);
    await standBy(site);
  });

  it.each(CANCELLED_AT)(
    '$name of a plan that is cancelled leaves it to be cancelled, and nova unasked',
    async (moment) => {
      const move = moves.pop() as Possible;
      const isMoment = moment.recognise(move.uuid);
      let plan: Promise<string> | null = null;
      let killed: Promise<void> | null = null;
      let calls = 0;
      site.onCall = (call): RestFault | null => {
        if (asks(move.uuid)(call)) calls += 1;
        if (killed !== null || !isMoment(call)) return null;
        // What it looks at does not come before it is gone.
        killed = (plan as Promise<string>).then((uuid) => site.cancel(uuid)).then(() => replaceFirst(site));
        return { kind: 'hang' };
      };
      plan = site.start(move);
      const ended = await site.ended(await plan);
      await killed;
      await standBy(site);
      expect(ended).toMatchObject({ state: 'CANCELLED', actions: [{ state: 'CANCELLED' }] });
      expect(site.hostOf(move.uuid)).toBe(move.from);
      expect(calls).toBe(0);
    },
  );

  it('while a cancelled plan is being stopped leaves it to be stopped', async () => {
    const move = moves.pop() as Possible;
    const isAbort = ({ method }: Call): boolean => method === 'DELETE';
    const found = await killedAt({ name: '', recognise: () => isAbort }, move);
    const { onCall } = site;
    // It must not have moved before whoever takes over can stop it.
    site.pace(0.2);
    let asked: () => void = () => undefined;
    const taken = new Promise<void>((resolve) => {
      asked = resolve;
    });
    site.onCall = (call) => {
      if (asks(move.uuid)(call)) asked();
      return onCall(call);
    };
    const plan = await site.start(move);
    await taken;
    await site.cancel(plan);
    const ended = await site.ended(plan);
    site.pace(4);
    await found.killed;
    await standBy(site);
    expect(ended).toMatchObject({ state: 'CANCELLED', actions: [{ state: 'CANCELLED' }] });
    expect(site.hostOf(move.uuid)).toBe(move.from);
    expect(found.calls).toBe(1);
  });
});

describe('an engine that is paused as it is about to call nova, and wakes up when another acts', () => {
  it('does not call: the other has done so', async () => {
    const site = await startSite(await useRedis());
    try {
      const [first, second] = (await site.moves(2)) as [Possible, Possible];
      const isMoment = intentKept(first.uuid);
      const calls: string[] = [];
      let paused = false;
      site.onCall = (call) => {
        if (asks(first.uuid)(call) || asks(second.uuid)(call)) calls.push(call.path);
        if (paused || !isMoment(call)) return null;
        paused = true;
        site.engines[0]?.signal('SIGSTOP');
        return null;
      };
      const plan = await site.start(first);
      expect(await site.ended(plan)).toMatchObject({ state: 'SUCCEEDED' });
      expect([paused, calls.length]).toEqual([true, 1]);
      // It wakes up, and proves that it is awake: it alone is left to carry the next plan out.
      site.engines[0]?.signal('SIGCONT');
      await site.engines[1]?.kill();
      const next = await site.start(second);
      expect(await site.ended(next)).toMatchObject({ state: 'SUCCEEDED' });
      expect(calls).toEqual([`/servers/${first.uuid}/action`, `/servers/${second.uuid}/action`]);
    } finally {
      await site.close();
    }
  });
});

/** Resolves once audits are run, whoever does it now. */
async function runsAudits(site: Site): Promise<void> {
  await site.reaches('audits', await site.audit({ goal: 'dummy', strategy: 'dummy' }), 'SUCCEEDED');
}

/** Kills who acts. With Redis the other one takes over, and nobody else may: the killed one is back later. Else it is started again. */
async function replaceFirst({ engines }: Site): Promise<void> {
  const first = engines.shift();
  if (first === undefined) throw new Error('nobody acts');
  await first.kill();
  if (engines.length === 0) await first.restart();
  engines.push(first);
}

/** The one that was killed stands by again, once the other has done what was to be done. */
async function standBy({ engines }: Site): Promise<void> {
  if (engines.length > 1) await engines.at(-1)?.restart();
}
