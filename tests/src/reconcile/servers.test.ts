import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ComputeCollector } from '../../../src/reconcile/compute-collector.ts';
import { readMigrationOf } from '../../../src/reconcile/migrations.ts';
import type { Pass } from '../../../src/reconcile/pass.ts';
import { fakeServer } from '../openstack/fake-cloud.ts';
import { Lab, updateFacts } from './lab.ts';

let lab: Lab;
let collector: ComputeCollector;

beforeEach(async () => {
  lab = await Lab.open();
  collector = new ComputeCollector();
});

afterEach(() => lab.close());

const MINUTE = 60;

/** A full pass, and whether it was complete. */
async function full(): Promise<Pass & { complete: boolean }> {
  const pass = lab.pass();
  const complete = await collector.run('full', pass);
  await pass.replicated();
  return Object.assign(pass, { complete });
}

async function changes(): Promise<Pass & { complete: boolean }> {
  const pass = lab.pass();
  const complete = await collector.run('changes', pass);
  await pass.replicated();
  return Object.assign(pass, { complete });
}

const put = (...ids: string[]): void => {
  for (const id of ids) lab.cloud.servers.set(id, fakeServer(id));
};

const hold = async (...ids: string[]): Promise<void> => {
  for (const id of ids) await lab.told(id, {}, 5 * MINUTE);
};

const held = (): string[] => [...lab.model.instances()].map(({ uuid }) => uuid).sort();

const host = (uuid: string): string | null | undefined => lab.model.instance(uuid)?.place?.host;

const now = (): string => `${new Date().toISOString().slice(0, 19)}Z`;

/** The kind of request that reads one server. */
const asked = (): string[] =>
  lab.cloud.http
    .paths()
    .filter((path) => /\/servers\/[a-z]+\d*$/.test(path) && !path.endsWith('detail'))
    .map((path) => path.slice(path.lastIndexOf('/') + 1))
    .sort();

describe('a full pass', () => {
  it('brings a cloud never seen into the model, over many pages', async () => {
    put('a', 'b', 'c', 'd', 'e', 'f', 'g');
    const pass = await full();
    expect(pass.complete).toBe(true);
    expect(pass.problems).toEqual([]);
    expect(held()).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'g']);
    expect(lab.model.totalsOn('host-1').instances).toBe(7);
  });

  it('asks for each server that the model has and the list has not, and buries those nova does not know', async () => {
    put('a', 'b');
    await hold('a', 'b', 'lost');
    const pass = await full();
    expect(asked()).toEqual(['lost']);
    expect(held()).toEqual(['a', 'b']);
    expect(pass.counts.gone).toBe(1);
  });

  it('suspects one that is gone although its migrations were just read: they end with it', async () => {
    await hold('lost');
    await readMigrationOf(lab.pass(), 'lost');
    await full();
    expect(asked()).toEqual(['lost']);
    expect(held()).toEqual([]);
  });

  it('keeps soft-deleted servers, which the list leaves out', async () => {
    await hold('soft');
    const changes = { status: 'SOFT_DELETED', 'OS-EXT-STS:vm_state': 'soft-delete', updated: now() };
    lab.cloud.servers.set('soft', fakeServer('soft', changes));
    await full();
    expect(lab.model.instance('soft')?.state?.vm_state).toBe('soft-delete');
  });

  it('keeps servers of a cell that is down, whichever way nova says so', async () => {
    await hold('unknown', 'failing');
    lab.cloud.servers.set('other', fakeServer('other'));
    const unknown = { server: { id: 'unknown', status: 'UNKNOWN', tenant_id: 'p', links: [] } };
    lab.cloud.http.faults.push(
      { match: ({ path }) => path.endsWith('/servers/unknown'), say: { body: unknown } },
      { match: ({ path }) => path.endsWith('/servers/failing'), say: { status: 500 } },
    );
    const pass = await full();
    expect(held()).toEqual(['failing', 'other', 'unknown']);
    expect(pass.problems).toHaveLength(2);
    expect(pass.problems.join()).toMatch(/instance unknown is missing .* and is kept: .*its cell is down/);
  });

  it('suspects nothing that was told after it began', async () => {
    put('a');
    let telling: Promise<void> | null = null;
    lab.cloud.http.faults.push({
      match: ({ path }) => {
        if (path.endsWith('/servers/detail')) telling ??= lab.tell(updateFacts('fresh', {}, Date.now() * 1000));
        return false;
      },
    });
    await full();
    await telling;
    expect(asked()).toEqual([]);
    expect(held()).toEqual(['a', 'fresh']);
  });

  it.each([
    ['answers 500', { say: { status: 500 } }],
    ['asks for patience for ever', { say: { status: 429 } }],
    ['gives half a page', { act: 'half' }],
    ['gives garbage', { say: { text: '{"servers": [' } }],
    ['gives something else', { say: { body: { servers: 'none' } } }],
    ['closes the connection', { act: 'close' }],
    ['refuses', { say: { status: 403 } }],
  ] as const)('deletes nothing when nova %s in the middle of the list, and is not complete', async (_, fault) => {
    put('a', 'b', 'c', 'd');
    await hold('a', 'z');
    let pages = 0;
    lab.cloud.http.faults.push({ match: ({ path }) => path.endsWith('/servers/detail') && ++pages > 1, ...fault });
    const pass = await full();
    expect(pass.complete).toBe(false);
    expect(pass.problems[0]).toMatch(/^Reading servers: GET \/servers\/detail at /);
    expect(held()).toEqual(['a', 'b', 'c', 'd', 'z']);
    expect(asked()).toEqual([]);
  });

  it('asks for nothing and deletes nothing when the token ends and none is given again', async () => {
    put('a');
    await hold('a', 'z');
    lab.cloud.http.faults.push({
      match: ({ path }) => {
        if (path.endsWith('/servers/detail')) for (let i = 1; i < 9; i++) lab.cloud.revoked.add(`token-${i}`);
        return false;
      },
    });
    const pass = await full();
    expect(pass.complete).toBe(false);
    expect(held()).toEqual(['a', 'z']);
  });

  it('goes on with a new token when the old one ends in its middle', async () => {
    put('a', 'b', 'c', 'd');
    lab.cloud.http.faults.push({
      match: ({ query }) => {
        if (query.has('marker')) lab.cloud.revoked.add('token-1');
        return false;
      },
    });
    expect((await full()).complete).toBe(true);
    expect(held()).toEqual(['a', 'b', 'c', 'd']);
  });

  it('deletes nothing when the user loses the admin role: then every foreign server is "not found"', async () => {
    put('a', 'b');
    await hold('a', 'b', 'z');
    lab.cloud.http.faults.push({
      match: ({ path }) => {
        if (path.endsWith('/servers/z')) lab.cloud.admin = false;
        return false;
      },
    });
    const pass = await full();
    expect(held()).toEqual(['a', 'b', 'z']);
    expect(pass.problems.join()).toContain('Vigil reads the servers of all projects');
  });

  it('tells of a server that it cannot use, and takes the others', async () => {
    put('a', 'b');
    await hold('b');
    lab.cloud.servers.set('b', fakeServer('b', { updated: 'yesterday' }));
    const pass = await full();
    expect(held()).toEqual(['a', 'b']);
    expect(pass.problems.join()).toMatch(/GET \/servers\/detail \(req-\d+\) tells of b what cannot be used: updated/);
  });

  it.each([-3600, 3600])('works the same with a clock of nova that is %i s ahead', async (ahead) => {
    lab.cloud.http.clockOff = ahead * 1000;
    const stamp = (secondsAgo: number): string =>
      `${new Date(Date.now() + (ahead - secondsAgo) * 1000).toISOString().slice(0, 19)}Z`;
    for (const id of ['a', 'b'])
      await lab.tell(updateFacts(id, { host: 'host-0' }, (Date.now() + ahead * 1000) * 1000 - 300e6, stamp(300)));
    lab.cloud.servers.set('a', fakeServer('a', { updated: stamp(200) }));
    await full();
    expect(held()).toEqual(['a']);
    expect(lab.model.instance('a')?.place?.host).toBe('host-1');
    // What is said afterwards, by the same clock, is newer.
    await lab.tell(updateFacts('a', { host: 'host-2' }, (Date.now() + ahead * 1000 + 1500) * 1000, stamp(200)));
    expect(lab.model.instance('a')?.place?.host).toBe('host-2');
  });
});

describe('a server whose end was told although nova has it, since deleting it failed', () => {
  beforeEach(async () => {
    await hold('a');
    await lab.told('a', { state: 'deleted', host: null }, 5);
    expect(held()).toEqual([]);
  });

  it('lives again after a pass, and is counted as wrong', async () => {
    put('a');
    await full();
    expect(host('a')).toBe('host-1');
    expect(lab.parts.drift.report().counts).toEqual([{ register: 'life', cause: 'instance.update', count: 1 }]);
    await lab.told('a', { host: 'host-2' }, -3, '2026-11-23T10:00:06Z');
    expect(host('a')).toBe('host-2');
  });

  it('stays dead when it was only listed before it went', async () => {
    put('a');
    lab.cloud.http.faults.push({
      match: ({ path }) => {
        if (path.endsWith('/servers/a')) lab.cloud.servers.clear();
        return false;
      },
    });
    await full();
    expect(held()).toEqual([]);
  });

  it('stays dead while nova lists it as deleted', async () => {
    put('b');
    await full();
    const dead = { status: 'DELETED', 'OS-EXT-STS:vm_state': 'deleted', 'OS-EXT-SRV-ATTR:host': null, updated: now() };
    lab.cloud.servers.set('a', fakeServer('a', dead));
    await changes();
    expect(held()).toEqual(['b']);
  });
});

describe('when very many are missing from the list', () => {
  const many = Array.from({ length: 30 }, (_, i) => `gone${i}`);

  it('they are held until a second pass agrees', async () => {
    put('a');
    await hold('a', ...many);
    const first = await full();
    expect(held()).toHaveLength(31);
    expect(asked()).toEqual([]);
    expect(collector.held()).toEqual(new Map([['instance', 30]]));
    expect(first.problems.join()).toContain('30 of 31 instances are missing from nova');
    const second = await full();
    expect(held()).toEqual(['a']);
    expect(second.counts.gone).toBe(30);
    expect(collector.held()).toEqual(new Map());
  });

  it('those that both passes miss are asked for, and what is new is judged by itself', async () => {
    await hold(...many);
    await full();
    put(...many.slice(0, 5));
    await hold('more1', 'more2');
    await full();
    expect(held()).toEqual(many.slice(0, 5).sort());
    expect(collector.held()).toEqual(new Map());
  });

  it('only those are asked for that both passes miss when very many are new', async () => {
    await hold(...many);
    await full();
    const others = many.map((uuid) => `other-${uuid}`);
    await hold(...others);
    await full();
    expect(held()).toEqual(others.sort());
    expect(collector.held()).toEqual(new Map([['instance', others.length]]));
  });

  it('an operator may confirm that they are gone', async () => {
    await hold(...many);
    await full();
    await hold('more1');
    collector.confirmAbsences();
    await full();
    expect(held()).toEqual([]);
    // It was good for one pass.
    await hold(...many.map((uuid) => `again-${uuid}`));
    await full();
    expect(held()).toHaveLength(30);
  });
});

describe('an increment', () => {
  it('reads what changed since the one before, with an overlap, and deletions', async () => {
    put('a', 'b', 'c');
    await full();
    lab.cloud.servers.set('a', fakeServer('a', { 'OS-EXT-SRV-ATTR:host': 'host-2', updated: now() }));
    const dead = { status: 'DELETED', 'OS-EXT-STS:vm_state': 'deleted', 'OS-EXT-SRV-ATTR:host': null };
    const minuteAgo = `${new Date(Date.now() - 60_000).toISOString().slice(0, 19)}Z`;
    lab.cloud.servers.set('b', fakeServer('b', { ...dead, updated: minuteAgo }));
    const pass = await changes();
    expect(lab.model.instance('a')?.place?.host).toBe('host-2');
    expect(held()).toEqual(['a', 'c']);
    expect(pass.complete).toBe(true);
    const since = lab.cloud.http.heard.findLast(({ query }) => query.has('changes-since'))?.query.get('changes-since');
    expect(Date.parse(String(since))).toBeLessThan(Date.now() - 115_000);
    expect(Date.parse(String(since))).toBeGreaterThan(Date.now() - 150_000);
  });

  it('does not count a deletion of this moment as drift: its notification is under way', async () => {
    put('a');
    await full();
    const dead = { status: 'DELETED', 'OS-EXT-STS:vm_state': 'deleted', 'OS-EXT-SRV-ATTR:host': null, updated: now() };
    lab.cloud.servers.set('a', fakeServer('a', dead));
    const pass = await changes();
    expect(held()).toEqual([]);
    expect(pass.counts.corrections).toBe(0);
    expect(lab.parts.drift.report()).toMatchObject({ total: 0, early: 1 });
  });

  it('begins again where it failed', async () => {
    put('a');
    await full();
    const fault = {
      match: ({ path }: { path: string }) => path.endsWith('/servers/detail'),
      times: 4,
      say: { status: 500 },
    };
    lab.cloud.http.faults.push(fault);
    expect((await changes()).complete).toBe(false);
    lab.cloud.servers.set('a', fakeServer('a', { 'OS-EXT-SRV-ATTR:host': 'host-2', updated: now() }));
    expect((await changes()).complete).toBe(true);
    expect(lab.model.instance('a')?.place?.host).toBe('host-2');
  });

  it('goes on while a cell is down, although no full pass is complete then', async () => {
    lab.cloud.services.push({ binary: 'nova-compute', host: 'h9', status: 'UNKNOWN' });
    expect((await full()).complete).toBe(false);
    put('a');
    lab.cloud.servers.set('a', fakeServer('a', { updated: now() }));
    expect((await changes()).complete).toBe(false);
    expect(held()).toEqual(['a']);
  });

  it('does nothing before all servers were listed once', async () => {
    put('a');
    await changes();
    expect(held()).toEqual([]);
  });
});

describe('a reading of one', () => {
  it('instance tells where it is', async () => {
    await lab.told('a', { host: 'host-0' }, 5 * MINUTE);
    put('a');
    const pass = lab.pass();
    expect(await collector.read({ kind: 'instance', id: 'a' }, pass)).toBe(true);
    await pass.replicated();
    expect(lab.model.instance('a')?.place?.host).toBe('host-1');
  });

  it('instance that is gone buries it; one that nobody ever heard of leaves no trace', async () => {
    await hold('a');
    const pass = lab.pass();
    expect(await collector.read({ kind: 'instance', id: 'a' }, pass)).toBe(true);
    expect(await collector.read({ kind: 'instance', id: 'never' }, pass)).toBe(false);
    await pass.replicated();
    expect(held()).toEqual([]);
    expect(lab.model.explain('instance/never')).toBeNull();
  });

  it('host reads what is on it, and asks for what should be', async () => {
    lab.cloud.services.push({
      id: 's1',
      binary: 'nova-compute',
      host: 'host-1',
      status: 'enabled',
      state: 'up',
      disabled_reason: null,
      forced_down: false,
    });
    await hold('a', 'b', 'c');
    put('a', 'new');
    lab.cloud.servers.set('b', fakeServer('b', { 'OS-EXT-SRV-ATTR:host': 'host-2' }));
    const pass = lab.pass();
    expect(await collector.read({ kind: 'host', id: 'host-1' }, pass)).toBe(true);
    await pass.replicated();
    expect([...lab.model.instancesOn('host-1')].map(({ uuid }) => uuid).sort()).toEqual(['a', 'new']);
    expect(lab.model.instance('b')?.place?.host).toBe('host-2');
    expect(lab.model.instance('c')).toBeUndefined();
    expect(lab.model.host('host-1')?.up).toBe(true);
    expect(await collector.read({ kind: 'host', id: 'nowhere' }, lab.pass())).toBe(false);
  });
});
