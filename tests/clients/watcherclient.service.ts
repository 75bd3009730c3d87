import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { obtain, TOOLS } from '../../servers/obtain.ts';
import { freePort } from '../../servers/ports.ts';
import { obtainWatcherClient, watcherClientPython } from '../../servers/watcher-client.ts';
import { createSimulatedCloud, type Rest } from '../../sim/index.ts';
import { eventually } from '../end-to-end/vigil.ts';
import { type OwnVigil, ownVigil } from '../own-vigil.ts';
import { WatcherCli } from './watcher-cli.ts';

const run = promisify(execFile);
const PATIENCE = 300_000;

interface Item {
  readonly UUID: string;
  readonly Name: string;
  readonly State: string;
  readonly [column: string]: unknown;
}

/** A Vigil that watches a small cloud, in front of which a keystone stands. */
interface Stage {
  readonly vigil: OwnVigil;
  readonly keystone: Rest;
  end(): Promise<void>;
}

async function stage(identityOf: (authUrl: string) => object): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), 'vigil-clients-'));
  const silence = join(folder, 'silence.jsonl');
  await writeFile(silence, '');
  const port = await freePort();
  const cloud = createSimulatedCloud({ hosts: 3, instances: 6 });
  const services = [{ type: 'infra-optim', name: 'watcher', url: `http://127.0.0.1:${port}` }];
  const keystone = await cloud.rest({ services });
  const { region_name: region, ...auth } = keystone.credentials;
  const vigil = await ownVigil({
    listen: { port },
    identity: identityOf(auth.auth_url),
    sources: [{ kind: 'recording', files: [silence] }],
    openstack: { auth, region },
  });
  return {
    vigil,
    keystone,
    end: async () => {
      await vigil.stop();
      await keystone.close();
      await rm(folder, { recursive: true });
    },
  };
}

/** What an `openrc` file sets. */
function openrc({ credentials }: Rest): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries({ ...credentials, identity_api_version: '3' }).map(([name, value]) => [
      `OS_${name.toUpperCase()}`,
      value,
    ]),
  );
}

beforeAll(async () => {
  await obtain(TOOLS.python);
  await obtainWatcherClient();
}, PATIENCE);

const WAYS = [
  {
    way: 'everyone admitted',
    identity: () => ({ kind: 'open' }),
    options: ({ vigil }: Stage) => ['--os-auth-token', 'any', '--os-endpoint-override', vigil.url],
    environment: () => ({}),
    token: async () => 'any',
  },
  {
    way: 'keystone',
    identity: (auth_url: string) => ({ kind: 'keystone', auth_url }),
    options: () => [],
    environment: ({ keystone }: Stage) => openrc(keystone),
    token: async ({ keystone }: Stage) => {
      const { auth_url, username, password, project_name: name } = keystone.credentials;
      const domain = { id: 'default' };
      const response = await fetch(`${auth_url}/auth/tokens`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          auth: {
            identity: { methods: ['password'], password: { user: { name: username, password, domain } } },
            scope: { project: { name, domain } },
          },
        }),
      });
      return response.headers.get('x-subject-token') ?? '';
    },
  },
] as const;

describe.each(WAYS)('with $way', ({ identity, options, environment, token }) => {
  let there: Stage;
  let watcher: WatcherCli;
  const used = new Set<string>();

  beforeAll(async () => {
    there = await stage(identity);
    watcher = new WatcherCli(options(there), environment(there));
  }, PATIENCE);
  afterAll(async () => {
    watcher?.end();
    await there?.end();
  });

  /** Runs a command of two words and remembers that it was. */
  function read<T>(command: string, ...args: readonly string[]): Promise<T> {
    used.add(command);
    return watcher.read<T>(...command.split(' '), ...args);
  }

  async function done(command: string, ...args: readonly string[]): Promise<void> {
    used.add(command);
    expect(await watcher.run(...command.split(' '), ...args)).toMatchObject({ code: 0 });
  }

  /** An audit that came to a plan with three actions. */
  async function audited(name: string): Promise<{ audit: Item; plan: Item }> {
    const audit = await read<Item>('audit create', '-g', 'dummy', '-s', 'dummy', '--name', name);
    await eventually(
      () => read<Item>('audit show', audit.UUID),
      ({ State }) => State === 'SUCCEEDED',
    );
    const [plan] = await read<Item[]>('actionplan list', '--audit', audit.UUID, '--detail');
    if (plan === undefined) throw new Error('the audit has no plan');
    return { audit, plan };
  }

  it('every list and every thing in it is shown', async () => {
    for (const [kind, key] of [
      ['goal', 'Name'],
      ['strategy', 'Name'],
      ['scoringengine', 'Name'],
      ['service', 'Name'],
    ] as const) {
      const found = await read<Item[]>(`${kind} list`, '--detail');
      expect(found.length).toBeGreaterThan(0);
      const wanted = String(found[0]?.[key]);
      expect(await read<Item>(`${kind} show`, wanted)).toMatchObject({ Name: wanted });
    }
    expect(await read<object[]>('strategy state', 'dummy')).toHaveLength(4);
    expect((await read<object[]>('datamodel list', '--detail')).length).toBeGreaterThanOrEqual(6);
  });

  it('templates are made, changed, used and deleted', async () => {
    const made = await read<Item>('audittemplate create', 'from-a-command', 'dummy', '-s', 'dummy', '-d', 'first');
    expect(made).toMatchObject({ Name: 'from-a-command', Goal: 'dummy', Strategy: 'dummy', Description: 'first' });
    expect(await read<Item>('audittemplate update', made.UUID, 'replace', 'description=second')).toMatchObject({
      Description: 'second',
    });
    const audit = await read<Item>('audit create', '-a', 'from-a-command', '-p', 'para1=2.5');
    expect(audit).toMatchObject({ Goal: 'dummy', Parameters: expect.objectContaining({ para1: 2.5 }) });
    expect(await read<Item[]>('audittemplate list', '--goal', 'dummy')).toHaveLength(1);
    expect(await read<Item>('audittemplate show', 'from-a-command')).toMatchObject({ UUID: made.UUID });
    await done('audittemplate delete', 'from-a-command');
    expect((await watcher.run('audittemplate', 'show', 'from-a-command')).err).toContain('could not be found');
  });

  it('an audit makes a plan, of which an action is skipped and the others are carried out', async () => {
    const { audit, plan } = await audited('to-be-done');
    expect(await read<Item[]>('audit list', '--goal', 'dummy')).toContainEqual(
      expect.objectContaining({ UUID: audit.UUID }),
    );
    expect(await read<Item>('audit update', audit.UUID, 'replace', 'name=renamed')).toMatchObject({ Name: 'renamed' });
    const [first, second] = await read<Item[]>('action list', '--action-plan', plan.UUID, '--detail');
    expect(await read<Item>('action show', String(second?.UUID))).toMatchObject({ State: 'PENDING', Action: 'nop' });
    const skipped = await read<Item>('action update', String(first?.UUID), '--state', 'SKIPPED', '--reason', 'not now');
    expect(skipped).toMatchObject({ State: 'SKIPPED', 'Status Message': 'Action skipped by user. Reason: not now' });
    expect(await read<Item>('actionplan start', plan.UUID)).toMatchObject({ State: 'PENDING' });
    const ended = await eventually(
      () => read<Item>('actionplan show', plan.UUID),
      ({ State }) => State === 'SUCCEEDED',
    );
    expect(ended).toMatchObject({ 'Status Message': 'One or more actions were skipped.' });
    await done('actionplan delete', plan.UUID);
    await done('audit delete', audit.UUID);
  });

  it('plans are cancelled, and started by an update', async () => {
    const { plan } = await audited('to-be-left');
    expect(await read<Item>('actionplan cancel', plan.UUID)).toMatchObject({ State: 'CANCELLED' });
    const { plan: other } = await audited('to-be-updated');
    expect(await read<Item>('actionplan update', other.UUID, 'replace', 'state=PENDING')).toMatchObject({
      State: 'PENDING',
    });
    await eventually(
      () => read<Item>('actionplan show', other.UUID),
      ({ State }) => State === 'SUCCEEDED',
    );
    const { code, err } = await watcher.run('actionplan', 'start', plan.UUID);
    expect([code, err]).toEqual([1, expect.stringContaining("Couldn't start when state is 'CANCELLED'.")]);
  });

  it('no command was left out', async () => {
    const points =
      "import importlib.metadata as m; print('\\n'.join(p.name for p in m.entry_points(group='watcherclient.v1')))";
    const { stdout } = await run(watcherClientPython(), ['-c', points]);
    const known = stdout
      .trim()
      .split('\n')
      .map((name) => name.replaceAll('_', ' '));
    expect(known.length).toBeGreaterThan(20);
    expect(known.filter((name) => !used.has(name))).toEqual([]);
  });

  it.each(['1.0', '1.5'])('the library works as the dashboard uses it, at %s', async (version) => {
    const script = join(import.meta.dirname, 'library.py');
    const { stdout } = await run(watcherClientPython(), [script, there.vigil.url, await token(there), version]);
    const got = JSON.parse(stdout) as Record<string, Record<string, unknown> & Record<string, unknown>[]>;
    expect(got.goals).toEqual(got.pages_of_two);
    expect(got.template).toMatchObject({ name: 'from-the-library', goal_name: 'dummy', description: 'of a test' });
    expect(got.audit).toMatchObject({ state: 'SUCCEEDED', parameters: { para1: 2.5, para2: 'hello' } });
    expect('status_message' in (got.audit ?? {})).toBe(version === '1.5');
    expect(got.plan).toMatchObject({ state: 'RECOMMENDED', strategy_name: 'dummy' });
    expect(got.actions?.map(({ action_type }) => action_type)).toEqual(['nop', 'nop', 'sleep']);
    expect([got.started, got.ended?.state]).toEqual(['PENDING', 'SUCCEEDED']);
  });
});

it('the OpenStack client finds it in the catalogue, and refuses who may not', async () => {
  const there = await stage((auth_url) => ({ kind: 'keystone', auth_url }));
  try {
    const client = ['-m', 'openstackclient.shell', 'optimize', 'strategy', 'list', '-f', 'json'];
    const env = { PATH: process.env.PATH, ...openrc(there.keystone) };
    const { stdout } = await run(watcherClientPython(), client, { env });
    expect(JSON.parse(stdout)).toContainEqual(expect.objectContaining({ Name: 'host_maintenance' }));
    const response = await fetch(`${there.vigil.url}/v1/goals`, { headers: { 'x-auth-token': 'made-up' } });
    expect([response.status, response.headers.get('www-authenticate')]).toEqual([
      401,
      expect.stringContaining('Keystone uri='),
    ]);
  } finally {
    await there.end();
  }
});
