import { describe, expect, it } from 'vitest';
import { liveMigration } from '../../../sim/operations/live-migration.ts';
import { resize } from '../../../sim/operations/resize.ts';
import type { ActionPlan } from '../../../src/audits/action-plan.ts';
import { ALICE } from '../audits/desk.ts';
import { type Loop, startLoop, until } from './loop.ts';
import { migrate, type Possible, possibleMoves } from './moves.ts';

const isAction = (path: string, uuid: string): boolean => path.endsWith(`/servers/${uuid}/action`);

/** A live migration that goes wrong in a way of the simulator's, begun as nova would be asked to. */
function beginFailing({ cloud: { cloud } }: Loop, { uuid, to }: Possible, how: 'pre' | 'copy' | 'cleanup'): void {
  const instance = cloud.instances.get(uuid);
  const host = cloud.hosts.get(to);
  if (instance === undefined || host === undefined) throw new Error('not in the cloud');
  const request = cloud.request(cloud.fabric.admin);
  cloud.begin(liveMigration(cloud, request, instance, host, how), instance);
}

describe('a plan that is started', () => {
  it('moves an instance through nova, and is done when the model shows it there', async () => {
    const loop = await startLoop();
    const [move] = possibleMoves(loop, 1) as [Possible];
    const plan = await loop.propose([migrate(move)]);
    expect(plan).toMatchObject({ state: 'RECOMMENDED', startedBy: null, strategy: 'actuator' });
    await loop.desk.plans.start(plan.uuid, ALICE);
    expect(await loop.ended(plan)).toMatchObject({ state: 'SUCCEEDED', statusMessage: null, startedBy: ALICE });
    expect(loop.instance(move.uuid)?.place?.host).toBe(move.to);
    const [action] = loop.actions(plan);
    expect(action).toMatchObject({ state: 'SUCCEEDED', intent: { call: 'live-migrate' } });
    expect(action?.history.map(({ to }) => to)).toEqual(['PENDING', 'ONGOING', 'SUCCEEDED']);
    expect(loop.calls).toEqual([`POST /servers/${move.uuid}/action`]);
  });

  it('moves one that is stopped in between, and confirms it', async () => {
    const loop = await startLoop();
    const [move] = possibleMoves(loop, 1) as [Possible];
    const plan = await loop.propose([migrate(move, 'cold')]);
    await loop.desk.plans.start(plan.uuid, ALICE);
    expect(await loop.ended(plan)).toMatchObject({ state: 'SUCCEEDED' });
    expect(loop.instance(move.uuid)).toMatchObject({ place: { host: move.to }, state: { vm_state: 'active' } });
    expect(loop.calls).toHaveLength(2);
  });

  it('stops, resizes and starts instances, and disables a service with the reason', async () => {
    const loop = await startLoop();
    const [{ uuid, from }] = possibleMoves(loop, 1) as [Possible];
    const flavor = loop.instance(uuid)?.flavor?.name;
    const smaller = loop.cloud.cloud.fabric.flavors.find(({ name }) => name !== flavor)?.name ?? '';
    const plan = await loop.propose([
      {
        action_type: 'change_nova_service_state',
        input_parameters: { resource_id: from, state: 'disabled', disabled_reason: 'to be mended' },
      },
      { action_type: 'change_nova_service_state', input_parameters: { resource_id: from, state: 'enabled' } },
      { action_type: 'resize', input_parameters: { resource_id: uuid, flavor: smaller } },
      { action_type: 'stop', input_parameters: { resource_id: uuid } },
      { action_type: 'start', input_parameters: { resource_id: uuid } },
    ]);
    await loop.desk.plans.start(plan.uuid, ALICE);
    await loop.ended(plan);
    expect(
      loop.actions(plan).map(({ actionType, state, statusMessage }) => [actionType, state, statusMessage]),
    ).toEqual([
      ['change_nova_service_state', 'SUCCEEDED', null],
      ['change_nova_service_state', 'SUCCEEDED', null],
      ['resize', 'SUCCEEDED', null],
      ['stop', 'SUCCEEDED', null],
      ['start', 'SUCCEEDED', null],
    ]);
    expect(loop.instance(uuid)).toMatchObject({ flavor: { name: smaller }, state: { vm_state: 'active' } });
    expect(loop.service.model.host(from)?.service).toMatchObject({ disabled: false });
  });

  it('goes on with what is independent after a failure, and cancels what depends on it', async () => {
    const loop = await startLoop();
    const nop = (input: object): { action_type: string; input_parameters: never } => ({
      action_type: 'nop',
      input_parameters: input as never,
    });
    const plan = await loop.propose([nop({ message: 'a', fail_execute: true }), nop({ message: 'b' })]);
    await loop.desk.plans.start(plan.uuid, ALICE);
    expect(await loop.ended(plan)).toMatchObject({
      state: 'FAILED',
      statusMessage: expect.stringContaining('1 of 2 actions failed, 1 that depend on these were cancelled'),
    });
    expect(loop.actions(plan)).toMatchObject([
      { state: 'FAILED', statusMessage: 'Action failed in execute: it was asked to.' },
      { state: 'CANCELLED', statusMessage: expect.stringContaining('which ended as FAILED') },
    ]);
  });

  it('runs everything with the rule "always", as Watcher does', async () => {
    const loop = await startLoop({ settings: ['engine.execution_rule=always'] });
    const plan = await loop.propose([
      { action_type: 'nop', input_parameters: { message: 'a', fail_execute: true } },
      { action_type: 'nop', input_parameters: { message: 'b' } },
    ]);
    await loop.desk.plans.start(plan.uuid, ALICE);
    expect(await loop.ended(plan)).toMatchObject({ state: 'FAILED' });
    expect(loop.actions(plan).map(({ state }) => state)).toEqual(['FAILED', 'SUCCEEDED']);
  });
});

describe('an action is left out, and says why, when', () => {
  it('somebody locked the instance after it was planned', async () => {
    const loop = await startLoop();
    const [move] = possibleMoves(loop, 1) as [Possible];
    const plan = await loop.propose([migrate(move)]);
    const { cloud } = loop.cloud;
    const instance = cloud.instances.get(move.uuid);
    if (instance === undefined) throw new Error('not in the cloud');
    cloud.save(cloud.request(null), instance, { locked: true, lockedBy: 'admin' } as never);
    await loop.desk.plans.start(plan.uuid, ALICE);
    expect(await loop.ended(plan)).toMatchObject({
      state: 'SUCCEEDED',
      statusMessage: 'One or more actions were skipped.',
    });
    expect(loop.actions(plan)).toMatchObject([
      { state: 'SKIPPED', statusMessage: expect.stringContaining('The instance is locked') },
    ]);
    expect(loop.calls).toEqual([]);
  });

  it('a person has it skipped before', async () => {
    const loop = await startLoop();
    const [move] = possibleMoves(loop, 1) as [Possible];
    const plan = await loop.propose([migrate(move)]);
    const [action] = loop.actions(plan);
    await loop.desk.plans.skip(action?.uuid ?? '', 'not this one', ALICE);
    await loop.desk.plans.start(plan.uuid, ALICE);
    expect(await loop.ended(plan)).toMatchObject({ state: 'SUCCEEDED' });
    expect(loop.actions(plan)).toMatchObject([
      { state: 'SKIPPED', statusMessage: 'Action skipped by user. Reason: not this one' },
    ]);
    expect(loop.calls).toEqual([]);
  });
});

describe('when nova', () => {
  it('refuses, the action has failed with its words', async () => {
    const loop = await startLoop();
    const [move] = possibleMoves(loop, 1) as [Possible];
    const body = JSON.stringify({ conflictingRequest: { code: 409, message: 'The host is not in the mood.' } });
    loop.fault = (method, path) =>
      method === 'POST' && isAction(path, move.uuid)
        ? { kind: 'answer', status: 409, body, headers: { 'content-type': 'application/json' } }
        : null;
    const plan = await loop.propose([migrate(move)]);
    await loop.desk.plans.start(plan.uuid, ALICE);
    expect(await loop.ended(plan)).toMatchObject({ state: 'FAILED' });
    expect(loop.actions(plan)).toMatchObject([
      { state: 'FAILED', statusMessage: expect.stringMatching(/nova refused it: 409 The host is not in the mood/) },
    ]);
  });

  it('takes the request and the answer is lost, it is found by its migration and not sent again', async () => {
    const loop = await startLoop();
    const [move] = possibleMoves(loop, 1) as [Possible];
    loop.fault = (method, path) => (method === 'POST' && isAction(path, move.uuid) ? { kind: 'cut', bytes: 0 } : null);
    const plan = await loop.propose([migrate(move)]);
    await loop.desk.plans.start(plan.uuid, ALICE);
    expect(await loop.ended(plan)).toMatchObject({ state: 'SUCCEEDED' });
    expect(loop.instance(move.uuid)?.place?.host).toBe(move.to);
    expect(loop.calls).toHaveLength(1);
  });

  it('hangs, the action has failed and nothing has moved', async () => {
    const loop = await startLoop({ timeoutSeconds: 1 });
    const [move] = possibleMoves(loop, 1) as [Possible];
    loop.fault = (method, path) => (method === 'POST' && isAction(path, move.uuid) ? { kind: 'hang' } : null);
    const plan = await loop.propose([migrate(move)]);
    await loop.desk.plans.start(plan.uuid, ALICE);
    expect(await loop.ended(plan)).toMatchObject({ state: 'FAILED' });
    expect(loop.actions(plan)[0]?.statusMessage).toMatch(/asked to live-migrate, and shows no trace of it: look into/);
    expect(loop.calls).toHaveLength(1);
  });

  it('answers and loses the migration, the action has failed', async () => {
    const loop = await startLoop();
    const [move] = possibleMoves(loop, 1) as [Possible];
    loop.fault = (method, path) =>
      method === 'POST' && isAction(path, move.uuid) ? { kind: 'answer', status: 202 } : null;
    const plan = await loop.propose([migrate(move)]);
    await loop.desk.plans.start(plan.uuid, ALICE);
    expect(await loop.ended(plan)).toMatchObject({ state: 'FAILED' });
    expect(loop.actions(plan)[0]?.statusMessage).toMatch(/shows no trace of it/);
  });

  it.each([
    ['finds that the destination refuses', 'pre', /nova ended migration \d+ as error/],
    ['rolls back half-way', 'copy', /nova ended migration \d+ as failed.*Look into the log of nova-compute on/],
  ] as const)('%s, the action has failed with where to look', async (_, how, message) => {
    const loop = await startLoop();
    const [move] = possibleMoves(loop, 1) as [Possible];
    loop.fault = (method, path) => {
      if (method !== 'POST' || !isAction(path, move.uuid)) return null;
      beginFailing(loop, move, how);
      return { kind: 'answer', status: 202 };
    };
    const plan = await loop.propose([migrate(move)]);
    await loop.desk.plans.start(plan.uuid, ALICE);
    expect(await loop.ended(plan)).toMatchObject({ state: 'FAILED' });
    expect(loop.actions(plan)[0]?.statusMessage).toMatch(message);
    expect(loop.actions(plan)[0]?.statusMessage).toContain(`The instance is on ${move.from}`);
    expect(loop.instance(move.uuid)?.place?.host).toBe(move.from);
  });

  it('moves it and fails to clean up behind it, the action has done what it was for', async () => {
    const loop = await startLoop();
    const [move] = possibleMoves(loop, 1) as [Possible];
    loop.fault = (method, path) => {
      if (method !== 'POST' || !isAction(path, move.uuid)) return null;
      beginFailing(loop, move, 'cleanup');
      return { kind: 'answer', status: 202 };
    };
    const plan = await loop.propose([migrate(move)]);
    await loop.desk.plans.start(plan.uuid, ALICE);
    expect(await loop.ended(plan)).toMatchObject({ state: 'SUCCEEDED' });
    expect(loop.instance(move.uuid)?.place?.host).toBe(move.to);
  });
});

describe('cancelling a plan', () => {
  it('stops the live migration that is under way, and nothing else begins', async () => {
    const loop = await startLoop({ settings: ['limits.migrations=1'], factor: 2 });
    const moves = possibleMoves(loop, 2);
    const plan = await loop.propose(moves.map((move) => migrate(move)));
    await loop.desk.plans.start(plan.uuid, ALICE);
    await until(() => loop.calls.length > 0);
    // From when it is running until nova was told to abort it, virtual time stands: it cannot end before.
    loop.cloud.stop();
    await until(() => {
      loop.cloud.advance(0.1);
      return [...loop.cloud.cloud.migrations.all()].some(({ status }) => status === 'running');
    });
    await loop.desk.plans.cancel(plan.uuid, ALICE);
    await until(() => loop.calls.some((call) => call.startsWith('DELETE')));
    loop.cloud.run(2);
    expect(await loop.ended(plan)).toMatchObject({ state: 'CANCELLED' });
    const states = loop.actions(plan).map(({ state }) => state);
    expect(states).toContain('CANCELLED');
    expect(loop.calls.filter((call) => call.startsWith('POST'))).toHaveLength(1);
    expect(loop.calls.some((call) => /^DELETE .*\/migrations\/\d+$/.test(call))).toBe(true);
    for (const { uuid, from } of moves) expect(loop.instance(uuid)?.place?.host).toBe(from);
  });

  it.each([
    ['it is looked whether the action may begin', 1],
    ['what is about to be asked is kept', 2],
  ])('asks nova for nothing when it comes while %s', async (_, look) => {
    const loop = await startLoop();
    const [move] = possibleMoves(loop, 1) as [Possible];
    const plan = await loop.propose([migrate(move)]);
    let looks = 0;
    let cancelled: Promise<unknown> = Promise.resolve();
    loop.fault = (method, path) => {
      if (method !== 'GET' || !path.endsWith(`/servers/${move.uuid}`)) return null;
      looks += 1;
      if (looks !== look) return null;
      cancelled = loop.desk.plans.cancel(plan.uuid, ALICE);
      return { kind: 'delay', until: cancelled };
    };
    await loop.desk.plans.start(plan.uuid, ALICE);
    expect(await loop.ended(plan)).toMatchObject({ state: 'CANCELLED' });
    await cancelled;
    expect(loop.actions(plan)).toMatchObject([{ state: 'CANCELLED' }]);
    expect(loop.calls).toEqual([]);
    expect(loop.instance(move.uuid)?.place?.host).toBe(move.from);
  });
});

describe('limits', () => {
  it('let one migration after the other begin, and the plan says what it waits for', async () => {
    const loop = await startLoop({ settings: ['limits.migrations=1'] });
    const moves = possibleMoves(loop, 2);
    const plan = await loop.propose(moves.map((move) => migrate(move)));
    let most = 0;
    const messages = new Set<string | null>();
    const watching = loop.desk.book.changed$.subscribe(() => {
      most = Math.max(most, loop.actions(plan).filter(({ state }) => state === 'ONGOING').length);
      messages.add(loop.desk.plans.find(plan.uuid).statusMessage);
    });
    await loop.desk.plans.start(plan.uuid, ALICE);
    expect(await loop.ended(plan)).toMatchObject({ state: 'SUCCEEDED', statusMessage: null });
    watching.unsubscribe();
    expect(most).toBe(1);
    expect([...messages]).toContain('Waiting: 1 or more migrations are under way in the cloud (limits.migrations).');
  });

  it('do not count what has been moved and only waits for its user to confirm it', async () => {
    const loop = await startLoop({ settings: ['limits.migrations=1'] });
    const [resized, move] = possibleMoves(loop, 2) as [Possible, Possible];
    const { cloud } = loop.cloud;
    const instance = cloud.instances.get(resized.uuid);
    if (instance === undefined) throw new Error('not in the cloud');
    cloud.begin(resize(cloud, cloud.request(cloud.fabric.admin), instance), instance);
    await until(() => loop.instance(resized.uuid)?.migration?.status === 'finished');
    const plan = await loop.propose([migrate(move)]);
    await loop.desk.plans.start(plan.uuid, ALICE);
    expect(await loop.ended(plan)).toMatchObject({ state: 'SUCCEEDED', statusMessage: null });
    expect(loop.instance(resized.uuid)?.migration?.status).toBe('finished');
  });
});

describe('automatic action', () => {
  it('is held while it is paused, says so, and goes on when it is resumed', async () => {
    const loop = await startLoop();
    const [move] = possibleMoves(loop, 1) as [Possible];
    await loop.desk.automation.pause('auditors are here', ALICE);
    const plan = await loop.propose([migrate(move)], { automation: 'full' });
    await until(() => loop.desk.plans.find(plan.uuid).statusMessage !== null);
    expect(loop.desk.plans.find(plan.uuid)).toMatchObject({
      state: 'RECOMMENDED',
      statusMessage: 'Not started: automatic action is paused by alice: auditors are here.',
    });
    expect(loop.calls).toEqual([]);
    await loop.desk.automation.resume(ALICE);
    const ended = await loop.ended(plan);
    expect(ended).toMatchObject({ state: 'SUCCEEDED', startedBy: { kind: 'vigil' } });
    expect(loop.instance(move.uuid)?.place?.host).toBe(move.to);
  });

  it('is given up when the breach it was meant for is over before anything was moved', async () => {
    // Time stands, so the migration of another is under way for ever.
    const loop = await startLoop({ settings: ['limits.migrations=1'], factor: 0 });
    const [first, second] = possibleMoves(loop, 2) as [Possible, Possible];
    const { cloud } = loop.cloud;
    const instance = cloud.instances.get(first.uuid);
    if (instance === undefined) throw new Error('not in the cloud');
    cloud.begin(liveMigration(cloud, cloud.request(cloud.fabric.admin), instance), instance);
    loop.cloud.advance(1);
    await until(() => loop.instance(first.uuid)?.migration != null);
    const plan = await loop.propose([migrate(second)], { automation: 'full' });
    await until(() => loop.desk.plans.find(plan.uuid).statusMessage?.startsWith('Waiting: ') === true);
    loop.hasRecovered = () => true;
    expect(await loop.ended(plan)).toMatchObject({
      state: 'CANCELLED',
      statusMessage: 'The breach it was made for is over.',
    });
    expect(loop.actions(plan)).toMatchObject([
      { state: 'CANCELLED', statusMessage: 'The breach it was made for is over.' },
    ]);
    expect(loop.calls).toEqual([]);
  });

  it('waits for a person with automation partial when the plan is large', async () => {
    const loop = await startLoop({ settings: ['automation.partial_moves=1'] });
    const moves = possibleMoves(loop, 2);
    const large = await loop.propose(
      moves.map((move) => migrate(move)),
      { automation: 'partial' },
    );
    await until(() => loop.desk.plans.find(large.uuid).statusMessage !== null);
    expect(loop.desk.plans.find(large.uuid)).toMatchObject({
      state: 'RECOMMENDED',
      statusMessage: 'Waits for somebody to start it: 2 moves, more than 1 (automation.partial_moves).',
    });
    const small = await loop.propose([migrate(moves[0] as Possible)], { automation: 'partial' });
    expect(await loop.ended(small)).toMatchObject({ state: 'SUCCEEDED' });
    // The large plan is of a cloud that is no more.
    expect(await loop.ended(large)).toMatchObject({
      state: 'SUPERSEDED',
      statusMessage: expect.stringContaining('The model has moved on'),
    });
  });
});

describe('the maintenance of a host', () => {
  it('disables it and leaves nothing on it, wherever nova finds room', async () => {
    const loop = await startLoop();
    const [{ from }] = possibleMoves(loop, 1) as [Possible];
    const parameters = { maintenance_node: from };
    const asked = { goal: 'cluster_maintaining', strategy: 'host_maintenance', parameters } as const;
    const { uuid } = await loop.desk.audits.create({ auditType: 'ONESHOT', ...asked, automation: 'full' }, ALICE);
    await until(() => loop.desk.book.plans.ofAudit(uuid).length > 0);
    const [plan] = loop.desk.book.plans.ofAudit(uuid) as [ActionPlan];
    expect(await loop.ended(plan)).toMatchObject({ state: 'SUCCEEDED', statusMessage: plan.note });
    const actions = loop.actions(plan);
    expect(actions.filter(({ inputParameters }) => 'destination_node' in inputParameters)).toEqual([]);
    expect(loop.service.model.host(from)?.service?.disabled).toBe(true);
    const left = [...loop.service.model.instancesOn(from)].map((instance) => instance.uuid);
    expect(left.sort()).toEqual(plan.rejected.map(({ candidate }) => candidate).sort());
    expect(actions.filter(({ actionType }) => actionType === 'migrate').length).toBeGreaterThan(0);
  });
});
