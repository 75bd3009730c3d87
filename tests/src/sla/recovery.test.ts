import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Value } from '../../../model/fact.ts';
import type { ActionPlan } from '../../../src/audits/action-plan.ts';
import { Book } from '../../../src/audits/book.ts';
import { ENGINE } from '../../../src/audits/record.ts';
import { type IncidentRecord, SLA_INCIDENT } from '../../../src/sla/incident-record.ts';
import { LedgerCopy } from '../../../src/sla/records.ts';
import { hasRecovered, latestPlanFor, measuredEfficacy } from '../../../src/sla/recovery.ts';
import { RecoveryWatch } from '../../../src/sla/recovery-watch.ts';
import { type TestState, testState } from '../api/state.ts';
import { INCIDENT, PLAN } from '../events/records.ts';

const { openedAt } = INCIDENT;
const seconds = (after: number): number => (openedAt + after) * 1_000;

/** Made 10 s after the breach, and over 60 s after it. */
const plan: ActionPlan = {
  ...PLAN,
  createdAt: seconds(10),
  state: 'SUCCEEDED',
  trigger: { rule: 'steal', metric: 'cpu_steal', resources: ['uuid-1', 'uuid-2'], severity: 'warning' },
  efficacyIndicators: [{ name: 'moves', description: 'd', unit: null, value: 1 }],
  history: [...PLAN.history, { from: 'ONGOING', to: 'SUCCEEDED', at: seconds(60), reason: 'done', by: ENGINE }],
};

const incident = (fields: Partial<IncidentRecord> = {}): IncidentRecord => ({ ...INCIDENT, ...fields });
const over = (after: number, fields: Partial<IncidentRecord> = {}): IncidentRecord =>
  incident({ endedAt: openedAt + after, endReason: 'recovered', ...fields });

function measured(incidents: readonly IncidentRecord[], of: ActionPlan = plan): unknown {
  return measuredEfficacy(of, incidents)?.map(({ name, value }) => [name, value]) ?? null;
}

describe('the breaches that a plan was made for', () => {
  it('are over when all their metrics are back', () => {
    const other = over(75, { resource: 'uuid-2' });
    expect(hasRecovered(plan, [over(90), other])).toBe(true);
    expect(hasRecovered(plan, [incident(), other])).toBe(false);
    expect(hasRecovered(plan, [over(90), over(75, { resource: 'uuid-2', endReason: 'lost' })])).toBe(false);
  });

  it('are not over because none is known: somebody may have tried the rule out', () => {
    expect(hasRecovered(plan, [])).toBe(false);
  });
});

describe('the efficacy of a plan that a breach led to', () => {
  it('is what the metrics show after it: how many breaches are over, and when the last one was', () => {
    expect(measured([over(90), over(75, { resource: 'uuid-2' })])).toEqual([
      ['moves', 1],
      ['breaches_recovered', 100],
      ['recovery_time', 30],
    ]);
  });

  it('has no time while some are breached, and takes what is only not measured any more for no recovery', () => {
    const lost = over(90, { resource: 'uuid-2', endReason: 'lost' });
    expect(measured([over(90), lost])).toEqual([
      ['moves', 1],
      ['breaches_recovered', 50],
    ]);
    expect(measured([incident()])).toEqual([
      ['moves', 1],
      ['breaches_recovered', 0],
    ]);
  });

  it('takes no time where the metric came back before the plan was over', () => {
    expect(measured([over(40)])).toContainEqual(['recovery_time', 0]);
  });

  it('is of the breaches it was made for, not of earlier and later ones, nor of those of other rules', () => {
    const others = [
      over(5),
      incident({ openedAt: openedAt + 20 }),
      over(90, { rule: 'other' }),
      over(90, { resource: 'uuid-3' }),
    ];
    expect(measured(others)).toBeNull();
  });

  it('is not told of a plan that was not carried out', () => {
    expect(measured([over(90)], { ...plan, state: 'CANCELLED' })).toBeNull();
    expect(measured([over(90)], { ...plan, trigger: null })).toBeNull();
  });

  it('replaces what was said of it before', () => {
    const before = { ...plan, efficacyIndicators: measuredEfficacy(plan, [incident()]) ?? [] };
    expect(measured([over(90)], before)).toEqual([
      ['moves', 1],
      ['breaches_recovered', 100],
      ['recovery_time', 30],
    ]);
  });
});

describe('a breach', () => {
  it('names the latest plan that was made for it', () => {
    const later = { ...plan, uuid: 'plan-2' };
    const deleted = { ...plan, uuid: 'plan-3', deletedAt: 1 };
    expect(latestPlanFor(incident(), [plan, later, deleted])).toBe('plan-2');
    expect(latestPlanFor(incident({ rule: 'other' }), [plan])).toBeNull();
  });
});

describe('whoever looks after plans', () => {
  let state: TestState;
  beforeEach(async () => {
    state = await testState();
  });
  afterEach(() => state.close());

  it('writes into a plan what became of its breach, as it becomes known', async () => {
    const { ledger } = state.store;
    const write = async (kind: string, id: string, seen: number, value: unknown): Promise<void> => {
      await ledger.write([{ kind, id, seen, value: value as Value }]);
    };
    const book = new Book(ledger);
    const records = new LedgerCopy(ledger, [SLA_INCIDENT]);
    await Promise.all([book.open(), records.open()]);
    const watch = new RecoveryWatch(book, records, pino({ level: 'silent' }), () => seconds(100));
    const subscription = watch.start();
    const efficacy = () => (book.plans.get('plan-1')?.efficacyIndicators ?? []).map(({ name, value }) => [name, value]);
    await write(SLA_INCIDENT, 'i1', 0, incident());
    await write('action_plan', 'plan-1', 0, plan);
    await expect.poll(efficacy).toContainEqual(['breaches_recovered', 0]);
    await write(SLA_INCIDENT, 'i1', 1, over(90));
    await expect.poll(efficacy).toContainEqual(['recovery_time', 30]);
    subscription.unsubscribe();
  });
});
