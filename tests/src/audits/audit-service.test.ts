import { describe, expect, it } from 'vitest';
import type { NewAudit } from '../../../src/audits/audit-service.ts';
import { ALICE, deskOn, openDesk } from './desk.ts';

const ONESHOT = { auditType: 'ONESHOT', goal: 'dummy', strategy: 'dummy' } as const satisfies NewAudit;
const CONTINUOUS = { auditType: 'CONTINUOUS', goal: 'dummy', interval: '60' } as const satisfies NewAudit;
const EVENT = { auditType: 'EVENT', goal: 'dummy' } as const satisfies NewAudit;

describe('a new audit', () => {
  it('waits to be run, numbered, named and with the defaults of its strategy', async () => {
    const { audits, clock } = await openDesk();
    const first = await audits.create({ ...ONESHOT, parameters: { para2: 'hi' } }, ALICE);
    expect(first).toMatchObject({
      id: 1,
      name: 'dummy-2026-11-25T12:00:00.000000',
      state: 'PENDING',
      parameters: { para1: 3.2, para2: 'hi' },
      automation: 'manual',
      createdBy: ALICE,
      createdAt: clock.now,
      history: [{ from: null, to: 'PENDING' }],
    });
    expect(await audits.create({ ...ONESHOT, name: 'n'.repeat(80) }, ALICE)).toMatchObject({
      id: 2,
      name: 'n'.repeat(63),
    });
  });

  it.each<[string, NewAudit, object]>([
    ['of an unknown goal', { ...ONESHOT, goal: 'fame' }, { code: 'goal-not-found' }],
    ['of an unknown strategy', { ...ONESHOT, strategy: 'luck' }, { code: 'strategy-not-found' }],
    [
      'whose strategy serves another goal',
      { ...ONESHOT, strategy: 'basic' },
      { message: 'strategy is not valid: basic serves the goal server_consolidation, not dummy.' },
    ],
    [
      'with a wrong parameter',
      { ...ONESHOT, parameters: { para1: 99, para3: 1 } },
      { message: expect.stringMatching(/para1 must be <= 10.2; para3 is not known|para3 is not known; para1 must be/) },
    ],
    [
      'with a parameter and no strategy',
      { ...EVENT, parameters: { para1: 2 } },
      { message: 'parameters.para1 is not valid: there is no strategy to give it to.' },
    ],
    ['with neither goal nor template', { auditType: 'EVENT' }, { context: { field: 'goal' } }],
    ['of an unknown template', { auditType: 'EVENT', template: 'none' }, { code: 'audit-template-not-found' }],
    ['without an interval, though CONTINUOUS', { ...CONTINUOUS, interval: null }, { context: { field: 'interval' } }],
    ['with an interval, though ONESHOT', { ...ONESHOT, interval: '60' }, { context: { field: 'interval' } }],
    ['with an end, though ONESHOT', { ...ONESHOT, endTime: 5 }, { context: { field: 'end_time' } }],
    ['with an end before its start', { ...EVENT, startTime: 6, endTime: 5 }, { context: { field: 'end_time' } }],
    ['with an interval of nothing', { ...CONTINUOUS, interval: '0' }, { context: { field: 'interval' } }],
    ['with an interval of words', { ...CONTINUOUS, interval: 'now and then' }, { context: { field: 'interval' } }],
    [
      'with a date for an interval',
      { ...CONTINUOUS, interval: '2027-01-01T00:00' },
      { context: { field: 'interval' } },
    ],
    [
      'with a cron expression out of range',
      { ...CONTINUOUS, interval: '99 * * * *' },
      { context: { field: 'interval' } },
    ],
    [
      'of an unknown time zone',
      { ...CONTINUOUS, interval: 'CRON_TZ=Europe/Atlantis 0 3 * * *' },
      { message: 'interval is not valid: there is no time zone Europe/Atlantis.' },
    ],
    ['with a scope of no rule', { ...EVENT, scope: [{ planets: [] }] }, { context: { field: 'scope' } }],
    [
      'with aggregates both in and out',
      {
        ...EVENT,
        scope: [{ host_aggregates: [{ id: 1 }] }, { exclude: [{ host_aggregates: [{ name: 'a' }] }] }],
      },
      { message: 'scope is not valid: host_aggregates cannot be both included and excluded.' },
    ],
  ])('%s is refused', async (_, request, error) => {
    const { audits, book } = await openDesk();
    await expect(audits.create(request, ALICE)).rejects.toMatchObject(error);
    expect(book.audits.size).toBe(0);
  });

  it.each([
    ...['60', '0.5', '*/5 * * * *', '0 */5 * * * *', '0 0 3 * * * 2027', '@hourly'],
    ...['CRON_TZ=Europe/Vienna 0 3 * * *', 'CRON_TZ=Asia/Tokyo @daily'],
  ])('may come again every %s', async (interval) => {
    const { audits } = await openDesk();
    expect(await audits.create({ ...CONTINUOUS, interval }, ALICE)).toMatchObject({ interval });
  });

  it('takes from its template what is not given', async () => {
    const { audits, templates } = await openDesk();
    const template = await templates.create({
      name: 'mine',
      goal: 'dummy',
      strategy: 'dummy',
      defaultParameters: { para1: 2, para2: 'from the template' },
      scope: [{ availability_zones: [{ name: 'az1' }] }],
    });
    const request = { auditType: 'ONESHOT', template: template.uuid, parameters: { para1: 5 } } as const;
    expect(await audits.create(request, ALICE)).toMatchObject({
      goal: 'dummy',
      strategy: 'dummy',
      parameters: { para1: 5, para2: 'from the template' },
      scope: [{ compute: [{ availability_zones: [{ name: 'az1' }] }] }],
    });
  });

  it('has a name nobody living has', async () => {
    const { audits } = await openDesk();
    const first = await audits.create({ ...EVENT, name: 'one' }, ALICE);
    await expect(audits.create({ ...EVENT, name: 'one' }, ALICE)).rejects.toMatchObject({ code: 'name-taken' });
    await audits.update(first.uuid, { state: 'CANCELLED' }, ALICE);
    await audits.delete(first.uuid, ALICE);
    const second = await audits.create({ ...EVENT, name: 'one' }, ALICE);
    expect(audits.find('one').uuid).toBe(second.uuid);
    expect(audits.find('2').uuid).toBe(second.uuid);
  });
});

describe('an audit', () => {
  it('goes only where its state table leads, and keeps the way', async () => {
    const { audits } = await openDesk();
    const { uuid } = await audits.create(CONTINUOUS, ALICE);
    await expect(audits.update(uuid, { state: 'SUCCEEDED' }, ALICE)).rejects.toMatchObject({
      code: 'state-transition',
      context: { from: 'PENDING', to: 'SUCCEEDED' },
    });
    for (const state of ['ONGOING', 'SUSPENDED', 'ONGOING', 'CANCELLED'] as const) {
      await audits.update(uuid, { state, reason: 'because' }, ALICE);
    }
    expect(audits.find(uuid).history.map(({ to }) => to)).toEqual([
      'PENDING',
      'ONGOING',
      'SUSPENDED',
      'ONGOING',
      'CANCELLED',
    ]);
    expect(audits.find(uuid).history.at(-1)).toMatchObject({ from: 'ONGOING', reason: 'because', by: ALICE });
  });

  it('is checked as a whole when it is changed', async () => {
    const { audits } = await openDesk();
    const { uuid } = await audits.create({ ...ONESHOT, auditType: 'EVENT' }, ALICE);
    await expect(audits.update(uuid, { parameters: { para1: 0 } }, ALICE)).rejects.toMatchObject({
      code: 'parameters-invalid',
    });
    await expect(audits.update(uuid, { interval: 'x' }, ALICE)).rejects.toMatchObject({ code: 'audit-invalid' });
    expect(await audits.update(uuid, { parameters: { para2: 'new' }, automation: 'full' }, ALICE)).toMatchObject({
      parameters: { para1: 3.2, para2: 'new' },
      automation: 'full',
    });
  });

  it('can be deleted once it has ended', async () => {
    const { audits, book } = await openDesk();
    const { uuid } = await audits.create(EVENT, ALICE);
    await expect(audits.delete(uuid, ALICE)).rejects.toMatchObject({ code: 'wrong-state' });
    await audits.update(uuid, { state: 'CANCELLED' }, ALICE);
    await audits.delete(uuid, ALICE);
    expect(() => audits.find(uuid)).toThrow('There is no audit');
    expect(book.audits.get(uuid)).toMatchObject({ state: 'DELETED', deletedAt: expect.any(Number) });
  });

  it('can be called for when it is an EVENT audit that waits', async () => {
    const { audits, clock } = await openDesk();
    const event = await audits.create(EVENT, ALICE);
    const other = await audits.create(ONESHOT, ALICE);
    expect(await audits.call(event.uuid)).toMatchObject({ calledAt: clock.now });
    await expect(audits.call(other.uuid)).rejects.toMatchObject({ code: 'audit-invalid' });
    await audits.update(event.uuid, { state: 'CANCELLED' }, ALICE);
    await expect(audits.call(event.uuid)).rejects.toMatchObject({ code: 'wrong-state' });
  });
});

describe('several processes', () => {
  it('see what each other write, and lose no change made at the same time', async () => {
    const one = await openDesk();
    const two = await deskOn(one.ledger);
    const created = await Promise.all(
      [one, two, one, two].map(({ audits }, i) => audits.create({ ...EVENT, name: `audit ${i}` }, ALICE)),
    );
    expect(created.map(({ id }) => id).sort()).toEqual([1, 2, 3, 4]);
    const [{ uuid } = { uuid: '' }] = created;
    await expect.poll(() => two.book.audits.size).toBe(4);
    await Promise.all([
      one.audits.update(uuid, { force: true }, ALICE),
      two.audits.update(uuid, { automation: 'full' }, ALICE),
    ]);
    for (const { book } of [one, two]) {
      await expect.poll(() => book.audits.get(uuid)).toMatchObject({ force: true, automation: 'full' });
    }
  });

  it('share the switch that stops automatic action', async () => {
    const one = await openDesk();
    const two = await deskOn(one.ledger);
    expect(one.automation.state).toMatchObject({ paused: false, at: null });
    await one.automation.pause('maintenance', ALICE);
    await expect.poll(() => two.automation.state).toMatchObject({ paused: true, reason: 'maintenance', by: ALICE });
    await two.automation.resume(ALICE);
    await expect.poll(() => one.automation.state.paused).toBe(false);
  });
});
