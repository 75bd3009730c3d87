import { pino } from 'pino';
import { describe, expect, it, vi } from 'vitest';
import { LiveModel } from '../../../model/live-model.ts';
import { makeRevision } from '../../../model/revision.ts';
import { answerFinder } from '../../../src/audits/answer.ts';
import type { Audit } from '../../../src/audits/audit.ts';
import { AUDIT_REQUEST, type AuditRequest } from '../../../src/audits/audit-request.ts';
import type { NewAudit } from '../../../src/audits/audit-service.ts';
import { Auditor, type AuditorParts } from '../../../src/audits/auditor.ts';
import type { Term } from '../../../src/audits/leader.ts';
import { MovesSeen } from '../../../src/audits/moves-seen.ts';
import { ENGINE, moved } from '../../../src/audits/record.ts';
import { cloudOf, NO_CONSTRAINTS, told } from '../../strategies/cloud.ts';
import { ALICE, type Desk, openDesk } from './desk.ts';

const DUMMY = { auditType: 'ONESHOT', goal: 'dummy', strategy: 'dummy' } as const satisfies NewAudit;
const MINUTE = 60_000;

/** An auditor on an empty cloud, or on a model, with the lease of its term. */
async function auditing({
  model = new LiveModel(),
  emptiesOfExcluded = false,
  ...more
}: Partial<AuditorParts> & { model?: LiveModel; emptiesOfExcluded?: boolean } = {}): Promise<
  Desk & { look: () => Promise<void>; term: Term }
> {
  const desk = await openDesk();
  const now = (): number => desk.clock.now;
  const lease = await desk.ledger.lease('audits', 'test', 10 * MINUTE);
  if (lease === null) throw new Error('no lease');
  const { signal } = new AbortController();
  const term: Term = { lease, signal, stands: () => true, confirm: async () => true };
  const distrust = more.distrust ?? (() => []);
  const metrics = { mean: () => null, series: () => [] };
  const answer = answerFinder({
    model,
    metrics: () => metrics,
    history: new MovesSeen(),
    now,
    movesPerPlan: 5,
    emptiesOfExcluded,
    distrust,
  });
  const auditor = new Auditor({
    book: desk.book,
    audits: desk.audits,
    log: pino({ level: 'silent' }),
    now,
    hostname: 'here',
    refresh: async () => null,
    read: async () => null,
    answer,
    ...more,
    distrust,
  });
  /** Everything is looked at, until nothing changes any more. */
  const look = async (): Promise<void> => {
    let changes = 1;
    const counting = desk.book.changed$.subscribe(() => {
      changes += 1;
    });
    while (changes > 0) {
      changes = 0;
      await auditor.look(term);
      await auditor.ended();
    }
    counting.unsubscribe();
  };
  return { ...desk, look, term };
}

async function putRequest({ ledger, book }: Desk, more: Partial<AuditRequest> = {}): Promise<void> {
  const request: AuditRequest = {
    trigger: { rule: 'steal', metric: 'cpu_steal', resources: ['i-1'], severity: 'warning' },
    goal: 'dummy',
    strategy: 'dummy',
    parameters: {},
    scope: [],
    automation: 'full',
    reason: 'cpu_steal of i-1 is 30 %',
    at: 0,
    ...more,
  };
  await ledger.write([{ kind: AUDIT_REQUEST, id: 'breach-1', seen: 0, value: request }]);
  await vi.waitUntil(() => book.requests.size === 1);
}

describe('a run of an audit', () => {
  it('makes a plan with its actions in their order, and of a ONESHOT audit a SUCCEEDED one', async () => {
    const { audits, book, look } = await auditing();
    const { uuid } = await audits.create(DUMMY, ALICE);
    await look();
    expect(audits.find(uuid)).toMatchObject({ state: 'SUCCEEDED', hostname: 'here', statusMessage: null });
    expect(audits.find(uuid).history.map(({ to }) => to)).toEqual(['PENDING', 'ONGOING', 'SUCCEEDED']);
    const [plan] = book.plans.ofAudit(uuid);
    expect(plan).toMatchObject({ state: 'RECOMMENDED', strategy: 'dummy', modelRevision: '0-0' });
    const actions = book.actions.ofPlan(plan?.uuid ?? '');
    expect(actions.map(({ actionType }) => actionType)).toEqual(['nop', 'nop', 'sleep']);
    expect(actions.map(({ parents }) => parents)).toEqual([[], [actions[0]?.uuid], [actions[1]?.uuid]]);
  });

  it('makes an empty plan that has SUCCEEDED when there is nothing to do, and reads the cloud anew first', async () => {
    const refresh = vi.fn(async () => null);
    const { audits, book, look } = await auditing({ refresh });
    const { uuid } = await audits.create({ auditType: 'ONESHOT', goal: 'model_refresh' }, ALICE);
    await look();
    expect(refresh).toHaveBeenCalledTimes(1);
    expect(audits.find(uuid)).toMatchObject({ state: 'SUCCEEDED', strategy: null });
    expect(book.plans.ofAudit(uuid)).toMatchObject([{ state: 'SUCCEEDED', strategy: 'refresh' }]);
  });

  it('reads the cloud anew with the parameter force_refresh, whatever the strategy', async () => {
    const refresh = vi.fn(async () => null);
    const { audits, look } = await auditing({ refresh });
    await audits.create({ ...DUMMY, parameters: { force_refresh: true } }, ALICE);
    await look();
    expect(refresh).toHaveBeenCalledTimes(1);
  });

  it('has FAILED with the reason when the cloud cannot be read, or the strategy cannot decide', async () => {
    const { audits, book, look } = await auditing({ refresh: async () => 'nova is away' });
    const refreshed = await audits.create({ ...DUMMY, parameters: { force_refresh: true } }, ALICE);
    const missing = { maintenance_node: 'nowhere' };
    const evacuated = await audits.create(
      { auditType: 'ONESHOT', goal: 'cluster_maintaining', strategy: 'host_maintenance', parameters: missing },
      ALICE,
    );
    await look();
    expect(audits.find(refreshed.uuid)).toMatchObject({
      state: 'FAILED',
      statusMessage: 'The cloud could not be read anew: nova is away',
    });
    expect(audits.find(evacuated.uuid)).toMatchObject({
      state: 'FAILED',
      statusMessage: expect.stringContaining('nowhere'),
    });
    expect(book.plans.size).toBe(0);
  });

  describe('of which something hangs on what nobody told yet', () => {
    const EMPTIED: NewAudit = {
      ...{ auditType: 'ONESHOT', goal: 'cluster_maintaining', strategy: 'host_maintenance' },
      parameters: { maintenance_node: 'here' },
    };
    const cloudUntold = (): LiveModel => cloudOf({ instances: { i: { constraints: null } } });

    it('reads it first', async () => {
      const model = cloudUntold();
      const read = vi.fn(async () => {
        const facts = [told('instance/i', 'constraints', NO_CONSTRAINTS)];
        model.apply([{ element: 'instance/i', facts, revision: makeRevision(1, 2), previous: null }]);
        return null;
      });
      const { audits, book, look } = await auditing({ model, read });
      const { uuid } = await audits.create(EMPTIED, ALICE);
      await look();
      expect(read).toHaveBeenCalledExactlyOnceWith(['i']);
      const [plan] = book.plans.ofAudit(uuid);
      const actions = book.actions.ofPlan(plan?.uuid ?? '');
      expect(actions.map(({ actionType }) => actionType)).toEqual(['change_nova_service_state', 'migrate']);
      expect(plan?.statusMessage).toBeNull();
    });

    it('has FAILED when it cannot be read and all was asked for', async () => {
      const { audits, book, look } = await auditing({ model: cloudUntold(), read: async () => 'nova is away' });
      const { uuid } = await audits.create(EMPTIED, ALICE);
      await look();
      expect(audits.find(uuid)).toMatchObject({
        state: 'FAILED',
        statusMessage: expect.stringMatching(
          /^Left undone, 1 in all: n \(i\): .*only the API tells it.*nova is away\.$/,
        ),
      });
      expect(book.plans.size).toBe(0);
    });

    it.each([
      [false, []],
      [true, ['i']],
    ])('with maintenance_moves_excluded %s moves of what the scope excludes: %j', async (emptiesOfExcluded, moved) => {
      const { audits, book, look } = await auditing({ model: cloudOf({}), emptiesOfExcluded });
      const scope = [{ compute: [{ exclude: [{ instances: [{ uuid: 'i' }] }] }] }];
      await audits.create({ ...EMPTIED, scope }, ALICE);
      await look();
      const moves = [...book.actions.all()].filter(({ actionType }) => actionType === 'migrate');
      expect(moves.map(({ inputParameters }) => inputParameters.resource_id)).toEqual(moved);
    });

    it('says in audit and plan what is left undone', async () => {
      const model = cloudOf({ instances: { i: { locked: { locked: true, reason: 'mine' } }, j: { migration: {} } } });
      const { audits, book, look } = await auditing({ model });
      const { uuid } = await audits.create(EMPTIED, ALICE);
      await look();
      const message = expect.stringMatching(/^Left undone, 2 in all: .* 1 more: see what the plan rejected\.$/);
      expect(audits.find(uuid)).toMatchObject({ state: 'SUCCEEDED', statusMessage: message });
      expect(book.plans.ofAudit(uuid)).toMatchObject([{ statusMessage: message, note: message }]);
    });
  });

  it('says in audit and plan that a scope of volumes leaves out nothing', async () => {
    const { audits, book, look } = await auditing({ model: cloudOf({}) });
    const parameters = { maintenance_node: 'here' };
    const scope = [{ storage: [{ exclude: [{ storage_pools: [{ name: 'p' }] }] }] }];
    const audit = { auditType: 'ONESHOT', goal: 'cluster_maintaining', strategy: 'host_maintenance' } as const;
    const { uuid } = await audits.create({ ...audit, parameters, scope }, ALICE);
    await look();
    const message = 'Its scope is of storage only: it leaves out no host and no instance (compute).';
    expect(audits.find(uuid)).toMatchObject({ state: 'SUCCEEDED', scope, statusMessage: message });
    expect(book.plans.ofAudit(uuid)).toMatchObject([{ statusMessage: message, note: message }]);
  });

  it('is run again when it was interrupted, and comes to nothing when the audit was cancelled meanwhile', async () => {
    let cancel: () => Promise<unknown> = async () => undefined;
    const { audits, book, look } = await auditing({
      refresh: async () => {
        await cancel();
        return null;
      },
    });
    const interrupted = await audits.create(DUMMY, ALICE);
    await audits.update(interrupted.uuid, { state: 'ONGOING' }, ALICE);
    const cancelled = await audits.create({ ...DUMMY, parameters: { force_refresh: true } }, ALICE);
    cancel = () => audits.update(cancelled.uuid, { state: 'CANCELLED' }, ALICE);
    await look();
    expect(book.plans.ofAudit(interrupted.uuid)).toHaveLength(1);
    expect(audits.find(cancelled.uuid)).toMatchObject({ state: 'CANCELLED' });
    expect(book.plans.ofAudit(cancelled.uuid)).toEqual([]);
  });
});

describe('while a plan is carried out', () => {
  async function withRunningPlan(): Promise<Awaited<ReturnType<typeof auditing>>> {
    const all = await auditing();
    const { audits, book, look, clock } = all;
    const { uuid } = await audits.create(DUMMY, ALICE);
    await look();
    const [plan] = book.plans.ofAudit(uuid);
    if (plan === undefined) throw new Error('no plan');
    const because = { reason: 'test', by: ENGINE, at: clock.now };
    await book.change((changes) => changes.put('action_plan', moved(plan, 'ONGOING', because)));
    return all;
  }

  it('a ONESHOT audit is CANCELLED, and one with force is run', async () => {
    const { audits, book, look } = await withRunningPlan();
    const plain = await audits.create(DUMMY, ALICE);
    const forced = await audits.create({ ...DUMMY, force: true }, ALICE);
    await look();
    expect(audits.find(plain.uuid)).toMatchObject({
      state: 'CANCELLED',
      statusMessage: expect.stringMatching(/^Action plan .* is being carried out\.$/),
    });
    expect(audits.find(forced.uuid)).toMatchObject({ state: 'SUCCEEDED' });
    expect(book.plans.ofAudit(plain.uuid)).toEqual([]);
  });

  it('a CONTINUOUS audit misses its turn', async () => {
    const { audits, book, look, clock } = await withRunningPlan();
    const { uuid } = await audits.create({ ...DUMMY, auditType: 'CONTINUOUS', interval: '60' }, ALICE);
    await look();
    expect(audits.find(uuid)).toMatchObject({ nextRunTime: clock.now + MINUTE });
    expect(book.plans.ofAudit(uuid)).toEqual([]);
  });
});

describe('a CONTINUOUS audit', () => {
  it('is ONGOING until its end, and each turn cancels the plan before that nobody started', async () => {
    const { audits, book, look, clock } = await auditing();
    const start = clock.now;
    const request = { ...DUMMY, auditType: 'CONTINUOUS', interval: '60', endTime: start + 2.5 * MINUTE } as const;
    const { uuid } = await audits.create(request, ALICE);
    for (const state of ['ONGOING', 'ONGOING', 'ONGOING', 'SUCCEEDED']) {
      await look();
      expect(audits.find(uuid).state).toBe(state);
      clock.now += MINUTE;
    }
    expect(book.plans.ofAudit(uuid).map(({ state }) => state)).toEqual(['CANCELLED', 'CANCELLED', 'RECOMMENDED']);
    const [first] = book.plans.ofAudit(uuid);
    expect(book.actions.ofPlan(first?.uuid ?? '').map(({ state }) => state)).toEqual(Array(3).fill('CANCELLED'));
  });
});

describe('an EVENT audit', () => {
  it('is run each time it is called for, once', async () => {
    const { audits, book, look, clock } = await auditing();
    const { uuid } = await audits.create({ ...DUMMY, auditType: 'EVENT' }, ALICE);
    await look();
    expect(audits.find(uuid).state).toBe('PENDING');
    for (const runs of [1, 2]) {
      clock.now += MINUTE;
      await audits.call(uuid);
      await look();
      expect(audits.find(uuid).state).toBe('SUCCEEDED');
      expect(book.plans.ofAudit(uuid)).toHaveLength(runs);
    }
  });
});

describe('an audit that is called for while the model cannot be trusted', () => {
  const EVENT: NewAudit = { ...DUMMY, auditType: 'EVENT' };

  it('is run once it can', async () => {
    let doubts = ['rabbit is away'];
    const { audits, book, look, clock } = await auditing({ distrust: () => doubts });
    const { uuid } = await audits.create(EVENT, ALICE);
    await audits.call(uuid);
    await look();
    expect(audits.find(uuid)).toMatchObject({ state: 'PENDING', statusMessage: 'Not run: rabbit is away.' });
    clock.now += MINUTE;
    doubts = [];
    await look();
    expect(audits.find(uuid)).toMatchObject({ state: 'SUCCEEDED', statusMessage: null });
    expect(book.plans.ofAudit(uuid)).toHaveLength(1);
  });

  it('waits for the next call when that takes too long', async () => {
    let doubts = ['rabbit is away'];
    const { audits, book, look, clock } = await auditing({ distrust: () => doubts });
    const { uuid } = await audits.create(EVENT, ALICE);
    await audits.call(uuid);
    clock.now += 20 * MINUTE;
    await look();
    doubts = [];
    await look();
    expect(audits.find(uuid)).toMatchObject({ state: 'PENDING', statusMessage: 'Not run: rabbit is away.' });
    expect(book.plans.size).toBe(0);
    await audits.call(uuid);
    await look();
    expect(audits.find(uuid)).toMatchObject({ state: 'SUCCEEDED' });
  });
});

describe('a breach that asks for an audit', () => {
  it('is answered by one, of which plan and actions say which rule it was', async () => {
    const all = await auditing();
    await putRequest(all);
    await all.look();
    const made = [...all.book.audits.all()];
    expect(made).toMatchObject([
      { state: 'SUCCEEDED', createdBy: { kind: 'rule', name: 'steal' }, automation: 'full' },
    ]);
    expect(all.book.requests.size).toBe(0);
    expect(all.book.plans.ofAudit((made[0] as Audit).uuid)).toMatchObject([{ trigger: { rule: 'steal' } }]);
  });

  it('waits while the model cannot be trusted, saying why, and not for ever', async () => {
    let doubts = ['rabbit is away'];
    const all = await auditing({ distrust: () => doubts });
    await putRequest(all);
    await all.look();
    const [audit] = [...all.book.audits.all()] as [Audit];
    expect(audit).toMatchObject({ state: 'PENDING', statusMessage: 'Not run: rabbit is away.' });
    all.clock.now += 20 * MINUTE;
    await all.look();
    expect(all.audits.find(audit.uuid)).toMatchObject({ state: 'CANCELLED' });
    doubts = [];
    await all.look();
    expect(all.book.plans.size).toBe(0);
  });

  it('that names nothing that can be audited is dropped', async () => {
    const all = await auditing();
    await putRequest(all, { goal: 'fame' });
    await all.look();
    expect([all.book.requests.size, all.book.audits.size]).toEqual([0, 0]);
  });

  it('leaves nothing behind in a process that has lost its lease', async () => {
    const all = await auditing();
    await putRequest(all);
    await all.ledger.release(all.term.lease);
    await all.look();
    expect([all.book.requests.size, all.book.audits.size]).toEqual([1, 0]);
  });
});
