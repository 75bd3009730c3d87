import { expect, it } from 'vitest';
import type { ActionPlan } from '../../src/audits/action-plan.ts';
import { ENDED_PLANS } from '../../src/audits/states.ts';
import type { RuleText } from '../../src/sla/rule-schema.ts';
import { startLoop, until } from '../src/plans/loop.ts';
import { STEP, type VirtualTime, virtualTime } from './virtual-time.ts';

const HOLD_STEPS = 2;
const RULE: RuleText = {
  ...{ name: 'steal', metric: 'cpu_steal', of: 'instance', where: {}, severity: 'warning' },
  ...{ window: '30s', statistic: 'mean', above: 10, clear: 5, hold: `${HOLD_STEPS * STEP}s`, cooldown: '10m' },
  audit: { goal: 'sla', strategy: 'sla', parameters: {}, automation: 'full' },
};
/** More evaluations than anything takes here. */
const MOST_STEPS = 40;

it('a neighbour gets loud, a rule is breached, an audit finds it, a plan moves it away, and the metric comes back', async () => {
  let time: VirtualTime | null = null;
  const loop = await startLoop({
    ...{ hosts: 8, instances: 40, factor: 0, noisyEvery: 3_600 },
    measuring: async (cloud, foundation, desk) => {
      time = await virtualTime(cloud, foundation, desk, [RULE]);
      return time;
    },
  });
  const { engine, incidents, step, pass } = time as unknown as VirtualTime;
  const { cloud, desk, calls } = loop;
  const victims = (): string[] =>
    [...cloud.cloud.instances.all()].flatMap(({ row: { uuid } }) => {
      const state = engine.evaluator.inspect(RULE.name, uuid)?.state;
      return state === 'pending' || state === 'breached' ? [uuid] : [];
    });
  const steps = async (until: () => boolean): Promise<number> => {
    for (let count = 0; count < MOST_STEPS; count++) {
      if (until()) return count;
      await step();
    }
    throw new Error(`not within ${MOST_STEPS} evaluations`);
  };

  // Breach: the first evaluation that finds the threshold passed, and so many more as it is held.
  await steps(() => victims().length > 0);
  const suffering = victims();
  expect(await steps(() => engine.counts.audits > 0)).toBeLessThanOrEqual(HOLD_STEPS + 1);
  // From here on no evaluation is needed until nova is asked: virtual time stands.
  await until(() => calls.length > 0);

  const [plan] = [...desk.book.plans.all()] as [ActionPlan];
  const [action] = loop.actions(plan);
  const moved = String(action?.inputParameters.resource_id);
  const { source_node: from, destination_node: to } = action?.inputParameters ?? {};
  expect(calls).toEqual([`POST /servers/${moved}/action`]);
  expect(plan).toMatchObject({
    strategy: 'sla',
    trigger: { rule: 'steal' },
    startedBy: { kind: 'rule', name: 'steal' },
  });
  expect(plan.trigger?.resources.every((uuid) => suffering.includes(uuid))).toBe(true);
  expect(action?.reason).toMatch(/^It has \d+ % of the cpu_util on .*, where cpu_steal strikes \d+ victims/);
  expect(loop.instance(moved)?.identity?.name).toMatch(/^batch-/);
  expect(loop.instance(moved)?.place?.host).toBe(from);

  // Nova was heard before the migration begins.
  await until(() => cloud.cloud.instances.get(moved)?.row.taskState === 'migrating');
  // The clock of the cloud was behind that of the records: a breach must not end before its plan was made.
  pass(Date.now());
  // The cloud has moved it by now, and its notifications move it in the model.
  await until(() => ENDED_PLANS.includes(desk.plans.find(plan.uuid).state));
  expect(desk.plans.find(plan.uuid)).toMatchObject({ state: 'SUCCEEDED', statusMessage: null });
  expect(loop.instance(moved)?.place?.host).toBe(to);
  expect(cloud.cloud.instances.get(moved)?.row.host).toBe(to);

  // The metric recovers, and the plan says so.
  await steps(() => incidents().every(({ endedAt }) => endedAt !== null));
  const efficacy = (): { [name: string]: number } =>
    Object.fromEntries(desk.plans.find(plan.uuid).efficacyIndicators.map(({ name, value }) => [name, value]));
  await until(() => efficacy().recovery_time !== undefined);
  expect(efficacy()).toMatchObject({ breaches_recovered: 100 });
  expect(incidents().map(({ endReason }) => endReason)).toEqual(plan.trigger?.resources.map(() => 'recovered'));
  expect(calls).toHaveLength(1);
});
