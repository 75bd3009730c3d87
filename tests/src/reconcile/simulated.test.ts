import { afterEach, describe, expect, it } from 'vitest';
import type { RestFault } from '../../../sim/index.ts';
import { closeWorlds, draws, settled, world } from './world.ts';

afterEach(closeWorlds);

it('a full pass over a cloud never seen is the cloud, and nothing of it is drift', async () => {
  const here = await world();
  const pass = await here.run('full');
  expect(pass.complete).toBe(true);
  expect(pass.problems).toEqual([]);
  expect(here.differences()).toEqual([]);
  expect(here.parts.drift.report().total).toBe(0);
  for (const { uuid } of here.cloud.truth().instances.slice(0, 20))
    expect(here.parts.model.instance(uuid)?.constraints).toMatchObject({ pinned_zone: expect.toSatisfy(isTextOrNull) });
});

const isTextOrNull = (value: unknown): boolean => value === null || typeof value === 'string';

describe.each([1, 2, 3])('while the cloud lives on (seed %i)', (seed) => {
  it('reads never spoil what notifications tell, nor these what was read', async () => {
    const here = await world({ seed });
    here.pace = 0.3;
    await here.run('full');
    for (let round = 0; round < 3; round++) await here.run('changes');
    await here.run('full');
    await settled(here);
    expect(here.differences()).toEqual([]);
  });

  it('what was lost on the way is right again after one increment', async () => {
    const here = await world({ seed });
    await here.run('full');
    here.lost = 0.3;
    here.pace = 0.3;
    await here.run('changes');
    here.cloud.advance(60);
    await settled(here);
    here.lost = 0;
    await here.run('changes');
    expect(here.differences()).toEqual([]);
    expect(here.parts.drift.report().total).toBeGreaterThan(0);
  });
});

it('ten minutes without a broker are made good by one increment', async () => {
  const here = await world({ operationsPerSecond: 4 });
  await here.run('full');
  here.lost = 1;
  here.cloud.advance(600);
  await settled(here);
  here.lost = 0;
  expect(here.differences().length).toBeGreaterThan(100);
  const pass = await here.run('changes');
  expect(pass.complete).toBe(true);
  expect(here.differences()).toEqual([]);
});

it('servers that came and went while nobody listened, and whose coming is heard late, take a full pass after that', async () => {
  const here = await world({ operationsPerSecond: 4 });
  await here.run('full');
  here.waits = true;
  here.cloud.advance(60);
  here.cloud.settle();
  here.waits = false;
  // Of all that happened then nothing is ever heard, and it is longer ago than increments reach back.
  here.lost = 1;
  here.cloud.advance(600);
  await settled(here);
  here.lost = 0;
  // The first holds what is missing, as it is much; the second agrees.
  await here.run('full');
  await here.run('full');
  expect(here.differences()).toEqual([]);
  here.arrive();
  await here.drained();
  await here.run('changes');
  expect(here.differences()).toEqual(expect.arrayContaining([expect.stringMatching(/ is deleted, and held on /)]));
  await here.run('full');
  await here.run('full');
  expect(here.differences()).toEqual([]);
});

it('a nova with its default setting, which tells no updates, is right after one increment', async () => {
  const here = await world({ stateChange: 'none' });
  await here.run('full');
  here.cloud.advance(120);
  await settled(here);
  await here.run('changes');
  expect(here.differences()).toEqual([]);
});

describe('a cell that is down', () => {
  it('loses nothing, and keeps the passes from being complete as long as it is', async () => {
    const here = await world();
    await here.run('full');
    here.cloud.advance(30);
    await settled(here);
    const before = here.parts.model.instanceCount();
    here.fault = (_, path) => (path.includes('os-services') ? downCell(path) : null);
    const down = await here.run('full');
    expect(down.complete).toBe(false);
    expect(here.parts.model.instanceCount()).toBe(before);
    here.fault = () => null;
    expect((await here.run('full')).complete).toBe(true);
    expect(here.differences()).toEqual([]);
  });

  const downCell = (_: string): RestFault => ({
    kind: 'answer',
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ services: [{ binary: 'nova-compute', host: 'elsewhere', status: 'UNKNOWN' }] }),
  });
});

describe('an API that fails again and again', () => {
  const faults: [string, RestFault][] = [
    ['half pages', { kind: 'cut', bytes: 200 }],
    ['status 500', { kind: 'answer', status: 500 }],
    ['garbage', { kind: 'answer', status: 200, body: '<html>' }],
  ];

  it.each(faults)('%s: nothing is buried that lives', async (_, fault) => {
    const here = await world();
    await here.run('full');
    const random = draws(7);
    here.pace = 0.2;
    here.fault = (method) => (method === 'GET' && random() < 0.3 ? fault : null);
    await here.run('full');
    await here.run('changes');
    here.fault = () => null;
    await settled(here);
    expect(here.differences()).toEqual([]);
  });
});
