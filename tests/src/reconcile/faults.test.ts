import { afterEach, describe, expect, it } from 'vitest';
import type { RestFault } from '../../../sim/index.ts';
import type { Pass } from '../../../src/reconcile/pass.ts';
import { closeWorlds, settled, type World, world } from './world.ts';

afterEach(closeWorlds);

/** Where in a full pass an API goes wrong: the requests, what the pass says it was doing, and whether it may count all the same. */
interface Place {
  readonly name: string;
  readonly asks: RegExp;
  readonly told: RegExp;
  readonly complete: boolean;
}

const PLACES: readonly Place[] = [
  { name: 'services', asks: /\/os-services/, told: /^Reading services: GET \/os-services at /, complete: false },
  {
    name: 'hypervisors',
    asks: /\/os-hypervisors\/detail/,
    told: /^Reading hypervisors: GET \/os-hypervisors\/detail at /,
    complete: false,
  },
  {
    name: 'aggregates',
    asks: /\/os-aggregates/,
    told: /^Reading aggregates: GET \/os-aggregates at /,
    complete: false,
  },
  {
    name: 'server groups',
    asks: /\/os-server-groups/,
    told: /^Reading server groups: GET \/os-server-groups at /,
    complete: false,
  },
  {
    name: 'the second page of servers',
    asks: /\/servers\/detail\?.*marker=/,
    told: /^Reading servers: GET \/servers\/detail at /,
    complete: false,
  },
  {
    name: 'migrations',
    asks: /\/os-migrations/,
    told: /^Reading migrations: GET \/os-migrations at /,
    complete: false,
  },
  // Without placement the cloud is still known.
  {
    name: 'allocations of placement',
    asks: /\/allocations/,
    told: /^Reading placement: GET \/resource_providers\/[^ ]+\/allocations (at|of placement) /,
    complete: true,
  },
];

/** A cloud of which the model is right. */
async function read(): Promise<World> {
  const here = await world({ hosts: 4, instances: 40 });
  await here.run('full');
  return here;
}

/** Some seconds of which no message arrives: much is to be learnt then, and some is really gone, not so much that it is held. */
async function unheard(here: World): Promise<void> {
  here.lost = 1;
  here.cloud.advance(10);
  await settled(here);
  here.lost = 0;
  expect(here.differences().length).toBeGreaterThan(5);
}

/** What is there and is not in the model although it was before. */
function lostBy(here: World, before: ReadonlySet<string>): string[] {
  const { instances, hosts } = here.cloud.truth();
  const { model } = here.parts;
  return [
    ...instances.filter(({ uuid, deleted }) => !deleted && before.has(uuid) && model.instance(uuid) === undefined),
    ...hosts.filter(({ name, node }) => model.host(name)?.nodes[0]?.name !== node),
  ].map((one) => ('uuid' in one ? one.uuid : one.name));
}

async function passWith(here: World, { asks }: Pick<Place, 'asks'>, fault: RestFault) {
  const before = new Set([...here.parts.model.instances()].map(({ uuid }) => uuid));
  here.fault = (_, path) => (asks.test(path) ? fault : null);
  const pass = await here.run('full');
  here.fault = () => null;
  expect(lostBy(here, before)).toEqual([]);
  return pass;
}

async function expectMended(here: World): Promise<void> {
  // What was told within two seconds before a listing counts as told after it.
  here.cloud.advance(3);
  await settled(here);
  const pass: Pass & { readonly complete: boolean } = await here.run('full');
  expect([pass.complete, pass.problems, here.differences()]).toEqual([true, [], []]);
}

const FAULTS: readonly (readonly [name: string, fault: RestFault, why: RegExp])[] = [
  ['status 500', { kind: 'answer', status: 500 }, /status 500, 4 times/],
  ['status 429 again and again', { kind: 'answer', status: 429 }, /status 429, 4 times/],
  ['half an answer', { kind: 'cut', bytes: 40 }, /, 4 times/],
  ['garbage', { kind: 'answer', status: 200, body: '<html>busy</html>' }, /the answer is not JSON .*, 4 times/],
  ['something else', { kind: 'answer', status: 200, body: '{"answer": 42}' }, /the answer has no /],
];

it.each(FAULTS)(
  '%s in the middle of a pass: buries nothing that lives, says what failed, and the next pass makes it good',
  async (_, fault, why) => {
    const here = await read();
    for (const place of PLACES) await expectHarmless(here, place, fault, why);
  },
);

it('no answer at all in the middle of a pass ends in time, buries nothing, and is made good by the next', async () => {
  const why = /no answer within [\d.]+ s, 4 times\. The service is overloaded or cut off/;
  await Promise.all(PLACES.map(async (place) => expectHarmless(await read(), place, { kind: 'hang' }, why)));
});

async function expectHarmless(here: World, place: Place, fault: RestFault, why: RegExp): Promise<void> {
  await unheard(here);
  const pass = await passWith(here, place, fault);
  expect([place.name, pass.complete]).toEqual([place.name, place.complete]);
  expect(pass.problems).toEqual([expect.stringMatching(place.told)]);
  expect(pass.problems[0]).toMatch(why);
  await expectMended(here);
}

it('no answer about what is missing from the list keeps all of it', async () => {
  const here = await read();
  await unheard(here);
  const gone = here.cloud.truth().instances.filter(({ uuid, deleted }) => deleted && here.parts.model.instance(uuid));
  expect(gone.length).toBeGreaterThan(0);
  const pass = await passWith(here, { asks: /\/servers\/[0-9a-f-]{36}$/ }, { kind: 'hang' });
  expect(pass.complete).toBe(false);
  expect(pass.problems.join()).toMatch(/^Reading servers: GET \/servers\/[0-9a-f-]{36} at .* no answer within/);
  expect(gone.filter(({ uuid }) => here.parts.model.instance(uuid) === undefined)).toEqual([]);
  await expectMended(here);
});

it('an empty list of servers is not believed', async () => {
  const here = await read();
  await unheard(here);
  const nothing: RestFault = { kind: 'answer', status: 200, body: '{"servers": []}' };
  const pass = await passWith(here, { asks: /\/servers\/detail/ }, nothing);
  expect(pass.problems.join()).toMatch(
    /\d+ of \d+ instances are missing from nova's list, more than 20: they are kept/,
  );
  await expectMended(here);
});

it('a token that ends in the middle of a pass is renewed, and nothing is missing', async () => {
  const here = await read();
  for (const { name, asks } of PLACES) {
    await unheard(here);
    let ended = '';
    here.fault = (_, path) => {
      if (asks.test(path) && ended === '') {
        ended = name;
        here.endTokens();
      }
      return null;
    };
    await expectMended(here);
    expect(ended).toBe(name);
  }
});

describe('a cell that is down', () => {
  /** The hosts of odd numbers are in it: nova lists its services without all else, and no instances of it. */
  const isDown = (host: string | null): boolean => /[13579]$/.test(host ?? '');

  it('loses nothing that is there, keeps the pass from being complete, and is caught up with when it is back', async () => {
    const here = await read();
    await unheard(here);
    const before = new Set([...here.parts.model.instances()].map(({ uuid }) => uuid));
    here.cellDown = isDown;
    // nova lists no hypervisors at all while it cannot ask one of its cells.
    here.fault = (_, path) => (path.includes('/os-hypervisors') ? { kind: 'answer', status: 500 } : null);
    const down = await here.run('full');
    expect(down.complete).toBe(false);
    expect(down.problems.join()).toMatch(/2 hosts are in a cell that is down \(.*\): what is there is kept/);
    expect(lostBy(here, before)).toEqual([]);
    expect((await here.run('changes')).complete).toBe(false);
    here.cellDown = () => false;
    here.fault = () => null;
    await expectMended(here);
  });
});

describe.each([-3600, 3600])('a nova whose clock is %i s off ours', (ahead) => {
  it('is read, followed and caught up with like any other', async () => {
    const here = await world({ hosts: 4, instances: 40, start: Date.now() + ahead * 1_000 });
    here.pace = 0.3;
    await here.run('full');
    await here.run('changes');
    await settled(here);
    expect(here.differences()).toEqual([]);
    here.lost = 1;
    here.cloud.advance(30);
    await settled(here);
    here.lost = 0;
    const pass = await here.run('changes');
    expect([pass.complete, pass.problems, here.differences()]).toEqual([true, [], []]);
  });
});
