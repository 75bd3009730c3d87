import type { Command } from 'commander';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { automationCommand } from '../../../src/cli/commands/automation.ts';
import { modelCommand } from '../../../src/cli/commands/model.ts';
import { actionCommand } from '../../../src/cli/commands/optimizer/action.ts';
import { auditCommand } from '../../../src/cli/commands/optimizer/audit.ts';
import { auditTemplateCommand } from '../../../src/cli/commands/optimizer/audit-template.ts';
import { goalCommand } from '../../../src/cli/commands/optimizer/goal.ts';
import { planCommand } from '../../../src/cli/commands/optimizer/plan.ts';
import { strategyCommand } from '../../../src/cli/commands/optimizer/strategy.ts';
import { type OwnVigil, ownVigil } from '../../own-vigil.ts';

type Row = Record<string, unknown>;

const PATIENCE = 60_000;

let vigil: OwnVigil;
let written: string[];

beforeAll(async () => {
  const still = { kind: 'simulator', hosts: 3, instances: 6, operations_per_second: 0, noisy_every: 0 };
  vigil = await ownVigil({ sources: [still] });
}, PATIENCE);
afterAll(() => vigil?.stop());

beforeEach(() => {
  written = [];
  const write = (text: string): void => void written.push(text);
  vi.spyOn(console, 'log').mockImplementation(write);
  vi.spyOn(console, 'error').mockImplementation(write);
});
afterEach(() => vi.restoreAllMocks());

/** Runs a command as if it were typed, and returns what it wrote. */
async function run(command: Command, ...args: readonly string[]): Promise<string> {
  written = [];
  await command.parseAsync([...args, '--url', vigil.url], { from: 'user' });
  return written.join('\n');
}

async function read<T = Row>(command: Command, ...args: readonly string[]): Promise<T> {
  return JSON.parse(await run(command, ...args, '-f', 'json')) as T;
}

/** An audit that came to a plan. */
async function audited(): Promise<{ audit: string; plan: string }> {
  const audit = await read(
    auditCommand(),
    'create',
    '--goal',
    'dummy',
    '--strategy',
    'dummy',
    '--parameter',
    'para1=1.5',
  );
  const uuid = String(audit.uuid);
  const plans = await vi.waitFor(
    async () => {
      const found = await read<Row[]>(planCommand(), 'list', '--audit', uuid);
      expect(found).toHaveLength(1);
      return found;
    },
    { timeout: PATIENCE, interval: 100 },
  );
  return { audit: uuid, plan: String(plans[0]?.uuid) };
}

describe('the command line', () => {
  it('lists what can be aimed at, and what a strategy takes', async () => {
    expect(await run(goalCommand(), 'list', '-c', 'name', '-f', 'csv')).toContain('cluster_maintaining');
    expect(await read<Row[]>(strategyCommand(), 'parameters', 'host_maintenance')).toContainEqual(
      expect.objectContaining({ name: 'maintenance_node', required: true }),
    );
    expect(await read<Row[]>(strategyCommand(), 'state', 'dummy')).toHaveLength(4);
  });

  it('keeps templates', async () => {
    const made = await read(auditTemplateCommand(), 'create', 'tidy', 'dummy', '-s', 'dummy', '-p', 'para2=hey');
    expect(made).toMatchObject({ name: 'tidy', default_parameters: { para2: 'hey' } });
    expect(await read<Row[]>(auditTemplateCommand(), 'list', '--goal', 'dummy')).toHaveLength(1);
    expect(await run(auditTemplateCommand(), 'delete', 'tidy')).toBe('audit template tidy deleted');
  });

  it('runs an audit, skips an action and watches the others being done', { timeout: PATIENCE }, async () => {
    const { audit, plan } = await audited();
    expect(await read(auditCommand(), 'show', audit)).toMatchObject({ state: 'SUCCEEDED', parameters: { para1: 1.5 } });
    const [first] = await read<Row[]>(actionCommand(), 'list', '--plan', plan);
    const skipped = await read(actionCommand(), 'skip', String(first?.uuid), '--reason', 'not now');
    expect(skipped).toMatchObject({ state: 'SKIPPED', status_message: 'Action skipped by user. Reason: not now' });
    expect(await run(planCommand(), 'explain', plan)).toContain('made by the strategy dummy for the goal dummy');
    const told = await run(planCommand(), 'start', plan, '--wait', '-c', 'state', '-f', 'csv');
    expect(told).toContain('[3/3] SUCCEEDED sleep');
    expect(told).toMatch(/state,SUCCEEDED$/);
    await run(auditCommand(), 'delete', audit);
    await expect(run(auditCommand(), 'show', audit)).rejects.toThrow('could not be found');
  });

  it('has an EVENT audit run, as often as it is called for', { timeout: PATIENCE }, async () => {
    const create = ['create', '-g', 'dummy', '-s', 'dummy', '-t', 'EVENT', '-n', 'on-call'];
    expect(await read(auditCommand(), ...create)).toMatchObject({ state: 'PENDING', audit_type: 'EVENT' });
    const plans = (): Promise<Row[]> => read<Row[]>(planCommand(), 'list', '--audit', 'on-call');
    for (const count of [1, 2]) {
      expect(await run(auditCommand(), 'call', 'on-call')).toBe('audit on-call: called for');
      await vi.waitUntil(async () => (await plans()).length === count, { timeout: PATIENCE, interval: 100 });
      expect(await read(auditCommand(), 'show', 'on-call')).toMatchObject({ state: 'SUCCEEDED' });
    }
    const { audit } = await audited();
    await expect(run(auditCommand(), 'call', audit)).rejects.toThrow('Audit type ONESHOT is disallowed');
  });

  it('cancels a plan', { timeout: PATIENCE }, async () => {
    const { plan } = await audited();
    expect(await run(planCommand(), 'cancel', plan)).toBe(`action plan ${plan}: CANCELLED`);
    await expect(run(planCommand(), 'start', plan)).rejects.toThrow("Couldn't start when state is 'CANCELLED'.");
  });

  it('refuses parameters before anything is sent', async () => {
    const create = (...args: string[]) => run(auditCommand(), 'create', '-g', 'dummy', ...args);
    await expect(create('-p', 'para1=2')).rejects.toThrow('--parameter needs --strategy');
    await expect(create('-s', 'dummy', '-p', 'para1=99')).rejects.toThrow('para1 must be <= 10.2');
    await expect(run(auditCommand(), 'create')).rejects.toThrow('name either a --goal or a --template');
  });

  it('reads the model and says who told it', async () => {
    const hosts = await read<Row[]>(modelCommand(), 'hosts');
    expect(hosts).toHaveLength(3);
    const [instance] = await read<Row[]>(modelCommand(), 'instances', '--state', 'active', '--limit', '1');
    const explained = await read<Row[]>(modelCommand(), 'explain', String(instance?.uuid));
    expect(explained.find(({ field }) => field === 'host')).toMatchObject({ value: instance?.host });
  });

  it('pauses and resumes automatic action', async () => {
    expect(await read(automationCommand(), 'pause', '--reason', 'a test')).toMatchObject({
      state: 'paused',
      paused_reason: 'a test',
      resumed_by: null,
    });
    expect(await read(automationCommand(), 'resume')).toMatchObject({ paused: false, paused_by: null });
    expect(await read(automationCommand(), 'show')).toMatchObject({ moves_last_hour: 0, moves_per_hour: 100 });
  });

  it('says what to do when nothing answers', async () => {
    const nowhere = goalCommand().parseAsync(['list', '--url', 'http://127.0.0.1:9'], { from: 'user' });
    await expect(nowhere).rejects.toThrow(/nothing answers at http:\/\/127\.0\.0\.1:9 .*--url/);
  });
});
