import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiClient } from '../../../src/client/api-client.ts';
import { AUDIT_TEMPLATES, AUDITS } from '../../../src/client/collections.ts';
import type { Fields } from '../../../src/client/fields.ts';
import { Optimizer } from '../../../src/client/optimizer.ts';
import { connectWatcher } from '../../../src/import-watcher/connect.ts';
import type { Outcome } from '../../../src/import-watcher/outcome.ts';
import { takeOver } from '../../../src/import-watcher/take-over.ts';
import { type OwnVigil, ownVigil } from '../../own-vigil.ts';

/** It speaks the same API, so a Vigil that believes headers is the Watcher here. */
const WATCHER = { identity: { kind: 'headers' }, sources: [{ kind: 'simulator', hosts: 3, instances: 3 }] };
const SCOPE = [{ compute: [{ exclude: [{ instances: [{ uuid: '00000000-0000-4000-8000-000000000000' }] }] }] }];
const NEXT_YEAR = new Date(Date.now() + 365 * 86_400_000).toISOString();
const OPTIONS = { autoTrigger: false, dryRun: false, now: Date.now() };

let watcher: OwnVigil;
let vigil: OwnVigil;
let from: Optimizer;
let to: Optimizer;

beforeAll(async () => {
  watcher = await ownVigil(WATCHER);
  vigil = await ownVigil({ ...WATCHER, identity: { kind: 'open' } });
  from = await connectWatcher(`${watcher.url}/v1`, undefined, {});
  to = new Optimizer(new ApiClient(vigil.url, {}, () => Promise.reject(new Error('not asked for'))));
  const template = { goal: 'dummy', strategy: 'dummy', scope: SCOPE, description: 'as ever' };
  const made = await from.create(AUDIT_TEMPLATES.path, { ...template, name: 'tidy', default_parameters: { para1: 5 } });
  await from.create(AUDIT_TEMPLATES.path, { name: 'both', goal: 'cluster_maintaining' });
  await to.create(AUDIT_TEMPLATES.path, { name: 'both', goal: 'dummy' });
  const dummy = { goal: 'dummy', strategy: 'dummy' };
  await from.create(AUDITS.path, { ...dummy, name: 'once', audit_type: 'ONESHOT' });
  await from.create(AUDITS.path, {
    ...dummy,
    name: 'hourly',
    audit_type: 'CONTINUOUS',
    interval: '0 * * * *',
    parameters: { para2: 'hey' },
    end_time: NEXT_YEAR,
    auto_trigger: true,
  });
  await from.create(AUDITS.path, { name: 'called', audit_type: 'EVENT', audit_template_uuid: made.uuid });
});
afterAll(async () => {
  await watcher?.stop();
  await vigil?.stop();
});

async function named(optimizer: Optimizer, collection: string): Promise<Map<unknown, Fields>> {
  return new Map((await optimizer.list(collection)).map((item) => [item.name, item]));
}

const told = (outcomes: readonly Outcome[]): Record<string, string> =>
  Object.fromEntries(outcomes.map(({ kind, name, result }) => [`${kind} ${name}`, result]));

describe('templates and audits of another Watcher', () => {
  it('are only told when nothing is to be done', async () => {
    const outcomes = await takeOver(from, to, { ...OPTIONS, dryRun: true });
    expect(told(outcomes)).toMatchObject({ 'template tidy': 'taken', 'audit hourly': 'mapped' });
    expect((await to.list(AUDIT_TEMPLATES.path)).map(({ name }) => name)).toEqual(['both']);
  });

  it('are taken over under their names, with scope, parameters and times, but act only when told to', async () => {
    const outcomes = await takeOver(from, to, OPTIONS);
    expect(told(outcomes)).toEqual({
      'template tidy': 'taken',
      'template both': 'there already',
      'audit hourly': 'mapped',
      'audit called': 'taken',
    });
    expect(outcomes.find(({ name }) => name === 'hourly')?.detail).toContain('it only proposes here');
    const templates = await named(to, AUDIT_TEMPLATES.path);
    expect([...templates.keys()].sort()).toEqual(['both', 'tidy']);
    expect(templates.get('tidy')).toMatchObject({
      scope: SCOPE,
      description: 'as ever',
      default_parameters: { para1: 5 },
    });
    const audits = await named(to, AUDITS.path);
    expect(audits.get('hourly')).toMatchObject({
      audit_type: 'CONTINUOUS',
      interval: '0 * * * *',
      parameters: { para2: 'hey' },
      auto_trigger: false,
    });
    expect(String(audits.get('hourly')?.end_time).slice(0, 19)).toBe(NEXT_YEAR.slice(0, 19));
    expect(audits.get('called')).toMatchObject({ audit_type: 'EVENT', scope: SCOPE, parameters: { para1: 5 } });
  });

  it('are there already the second time', async () => {
    const outcomes = await takeOver(from, to, OPTIONS);
    expect(new Set(outcomes.map(({ result }) => result))).toEqual(new Set(['there already']));
  });

  it('are not taken when their goal, strategy or parameters mean nothing here, or they are suspended', async () => {
    const audit = { audit_type: 'EVENT', state: 'PENDING', goal_name: 'dummy', strategy_name: 'dummy', scope: [] };
    const odd = [
      { ...audit, name: 'goal', goal_name: 'glory' },
      { ...audit, name: 'strategy', strategy_name: 'luck' },
      { ...audit, name: 'value', parameters: { para1: 99 } },
      { ...audit, name: 'parameter', parameters: { para1: 2, para3: 3 } },
      { ...audit, name: 'rests', audit_type: 'CONTINUOUS', state: 'SUSPENDED' },
    ];
    const plugins = { list: async (collection: string) => (collection === AUDITS.path ? odd : []) };
    const outcomes = await takeOver(plugins, to, OPTIONS);
    expect(outcomes.map(({ name, result, detail }) => `${name} ${result}: ${detail}`)).toEqual([
      'goal not taken: there is no goal glory here',
      'strategy not taken: there is no strategy luck here',
      'value not taken: its parameters do not fit: para1 must be <= 10.2 (allowed: 1 to 10.2)',
      'parameter mapped: dummy, dummy; left out, as dummy does not have them here: para3',
      'rests not taken: it is suspended: resume it there and import again, or make it anew here',
    ]);
  });
});
