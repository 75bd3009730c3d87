import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ModelStore } from '../../../model/store.ts';
import type { Api } from '../../../src/api/routes/route.ts';
import { testApi } from './api.ts';
import { EventReader } from './event-reader.ts';
import {
  aggregateFacts,
  deleted,
  fact,
  groupFacts,
  hostFacts,
  instanceFacts,
  moved,
  type TestState,
  testState,
} from './state.ts';

let state: TestState;
let api: Api;
let address: string;
const readers: EventReader[] = [];

async function start(limits: Parameters<typeof testApi>[1] = {}): Promise<void> {
  api = testApi(state, limits);
  address = await api.listen({ port: 0 });
}

async function read(query: string, headers: Record<string, string> = {}): Promise<EventReader> {
  const reader = await EventReader.connect(address, `/model/changes${query}`, headers);
  readers.push(reader);
  return reader;
}

beforeEach(async () => {
  state = await testState();
  await state.tell([...['h1', 'h2', 'h3', 'h4'].flatMap(hostFacts), ...instanceFacts('a', 'h1')]);
});

afterEach(async () => {
  for (const reader of readers.splice(0)) reader.close();
  await api.close();
  await state.close();
});

describe('GET /model/changes', () => {
  it('tells changes from now on, each with what changed, what it was and who said it', async () => {
    await start();
    const reader = await read('');
    expect(reader.answer.headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
    });
    await reader.reached(state.model.revision);
    await state.tell([moved('a', 'h2')]);
    const { name, data, id } = await reader.next();
    expect([name, id]).toEqual(['change', state.model.revision]);
    expect(data).toMatchObject({
      revision: state.model.revision,
      kind: 'instance',
      id: 'a',
      change: 'changed',
      fields: ['host', 'node'],
      before: { host: 'h1', node: 'h1' },
      after: { uuid: 'a', host: 'h2', state: 'active' },
      cause: { event: 'instance.live_migration_post.end' },
    });
  });

  it('tells what appears and what goes', async () => {
    await start();
    const reader = await read('');
    await reader.reached(state.model.revision);
    await state.tell(instanceFacts('b', 'h1'));
    expect((await reader.next()).data).toMatchObject({ id: 'b', change: 'added', before: null, after: { host: 'h1' } });
    await state.tell([deleted('b')]);
    expect((await reader.next()).data).toMatchObject({
      id: 'b',
      change: 'removed',
      before: { host: 'h1' },
      after: null,
    });
  });

  it('begins with everything there is, then goes on', async () => {
    await state.tell([...aggregateFacts('agg', 'fast', ['h1']), ...groupFacts('group', ['a'])]);
    await start();
    const reader = await read('?snapshot=true');
    await state.tell([moved('a', 'h2')]);
    const events = await reader.take(6);
    expect(events.map(({ name, data }) => [name, data.kind])).toEqual([
      ['snapshot', 'host'],
      ['snapshot', 'instance'],
      ['snapshot', 'aggregate'],
      ['snapshot', 'server_group'],
      ['synced-snapshot', undefined],
      ['change', 'instance'],
    ]);
    expect(events.map(({ id }) => id !== undefined)).toEqual([false, false, false, false, true, true]);
    expect(events[4]?.data.counts).toEqual({ host: 4, instance: 1, aggregate: 1, server_group: 1 });
  });

  it.each(['Last-Event-ID', 'after'])('continues after the place given by %s', async (way) => {
    await start();
    const place = state.model.revision;
    await state.tell([moved('a', 'h2')]);
    await state.tell([moved('a', 'h3')]);
    const reader = way === 'after' ? await read(`?after=${place}`) : await read('', { 'Last-Event-ID': place });
    const events = await reader.take(2);
    expect(events.map(({ data }) => data.after?.host)).toEqual(['h2', 'h3']);
    expect(events.map(({ data }) => data.before?.host)).toEqual(['h1', 'h2']);
  });

  it('moves the place on by signs of life, so that those who filter need not come back to old changes', async () => {
    await start({ limits: { heartbeat: 0.02 } });
    const reader = await read('?instance=other');
    await state.tell([moved('a', 'h2')]);
    await reader.reached(state.model.revision);
    expect(reader.rest()).toEqual([]);
  });
});

describe('a place that is no longer in memory', () => {
  it('is continued from the store, each element once as it is now', async () => {
    const place = state.model.revision;
    await state.tell(instanceFacts('b', 'h1'));
    await state.tell([moved('a', 'h2')]);
    await state.tell([moved('a', 'h3'), deleted('b')]);
    await start();
    const reader = await read(`?after=${place}`);
    await reader.reached(state.model.revision);
    const events = reader.rest();
    expect(events.map(({ data }) => [data.id, data.change, data.after?.host])).toEqual([
      ['b', 'removed', undefined],
      ['a', 'changed', 'h3'],
    ]);
    await state.tell([moved('a', 'h4')]);
    expect((await reader.next()).data.after?.host).toBe('h4');
  });

  it('is told what changed while the store was being asked', async () => {
    const place = state.model.revision;
    await state.tell([moved('a', 'h2')]);
    let release = (): void => undefined;
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { store } = state;
    const told = await store.follow(place)[Symbol.asyncIterator]().next();
    const slow: Pick<ModelStore, 'follow'> = {
      async *follow() {
        await released;
        yield told.value;
      },
    };
    api = testApi({ ...state, store: slow as ModelStore });
    address = await api.listen({ port: 0 });
    const reader = await read(`?after=${place}`);
    await state.tell([moved('a', 'h3'), ...instanceFacts('b', 'h1')]);
    release();
    await reader.reached(state.model.revision);
    expect(reader.rest().map(({ data }) => [data.id, data.after?.host])).toEqual([
      ['a', 'h3'],
      ['b', 'h1'],
    ]);
  });

  it.each([
    ['of another epoch', '1-1'],
    ['of the future', '9999999999-1'],
    ['that is none', 'nonsense'],
  ])('is told to be void when it is %s', async (_, place) => {
    await start();
    const reader = await read('?host=h1', { 'Last-Event-ID': place });
    const { name, data, id } = await reader.next();
    expect([name, id]).toEqual(['resync', state.model.revision]);
    expect(data).toMatchObject({ revision: state.model.revision, snapshot: '/model/changes?snapshot=true&host=h1' });
    await state.tell([moved('a', 'h2')]);
    expect((await reader.next()).data.id).toBe('a');
  });

  it('is void when the store dropped what came after', async () => {
    const place = state.model.revision;
    await state.close(true);
    state = await testState({ path: state.path, retention: 3 });
    for (let i = 0; i < 20; i++) await state.tell([moved('a', `h${i}`)]);
    await start();
    const reader = await read(`?snapshot=true&after=${place}`);
    const [resync, ...snapshot] = await reader.take(4);
    expect([resync?.name, resync?.id]).toEqual(['resync', '']);
    expect(snapshot.map(({ name }) => name)).toEqual(['snapshot', 'snapshot', 'synced-snapshot']);
    expect(snapshot[1]?.data.elements[0]).toMatchObject({ uuid: 'a', host: 'h19' });
  });

  it('survives a restart of the service', async () => {
    await start();
    const reader = await read('');
    await reader.reached(state.model.revision);
    await api.close();
    await reader.ended;
    await state.tell([moved('a', 'h2')]);
    await state.close(true);
    state = await testState({ path: state.path });
    await start();
    const again = await read('', { 'Last-Event-ID': reader.lastId });
    expect((await again.next()).data).toMatchObject({ id: 'a', after: { host: 'h2' } });
  });
});

describe('a host of which nothing is known but that instances are there', () => {
  it('comes with the first of them and goes with the last', async () => {
    await start();
    const reader = await read('?kind=host');
    await reader.reached(state.model.revision);
    await state.tell([...instanceFacts('b', 'new'), ...instanceFacts('c', 'new')]);
    expect((await reader.next()).data).toMatchObject({
      id: 'new',
      change: 'added',
      before: null,
      after: { name: 'new', service: null, up: null, nodes: [] },
      cause: { event: 'instance.update' },
    });
    await state.tell([moved('b', 'h1')]);
    await state.tell([deleted('c')]);
    expect((await reader.next()).data).toMatchObject({ id: 'new', change: 'removed', after: null });
  });

  it('changes when more becomes known of it, and when its service is deleted', async () => {
    await state.tell(instanceFacts('b', 'new'));
    await start();
    const reader = await read('?kind=host');
    await reader.reached(state.model.revision);
    await state.tell(hostFacts('new'));
    expect((await reader.next()).data).toMatchObject({ id: 'new', change: 'changed', before: { service: null } });
    await state.tell([fact('host/new', 'life/service-of-new', true, 'service.delete')]);
    expect((await reader.next()).data).toMatchObject({ id: 'new', change: 'changed', after: { service: null } });
    await state.tell([moved('b', 'h1')]);
    expect((await reader.next()).data).toMatchObject({ id: 'new', change: 'removed', after: null });
  });

  it('is told to who was away for long', async () => {
    await state.tell(instanceFacts('b', 'old'));
    await start({ limits: { changes_kept: 1 } });
    const place = state.model.revision;
    await state.tell([moved('b', 'new')]);
    await state.tell([moved('a', 'h2')]);
    const reader = await read(`?kind=host&after=${place}`);
    await reader.reached(state.model.revision);
    const hosts = reader.rest().filter(({ data }) => data.kind === 'host');
    expect(hosts.map(({ data }) => [data.id, data.change])).toEqual([
      ['old', 'removed'],
      ['new', 'changed'],
    ]);
  });

  it('makes who was away during a restart start over, since nobody knows which of them went', async () => {
    await state.tell(instanceFacts('b', 'old'));
    const place = state.model.revision;
    await state.tell([moved('b', 'new')]);
    await start();
    const reader = await read(`?kind=host&after=${place}`);
    expect((await reader.next()).name).toBe('resync');
  });
});

describe('a model that was loaded anew', () => {
  it('makes every subscriber start over', async () => {
    await start();
    const [tail, whole] = [await read(''), await read('?snapshot=true')];
    await tail.reached(state.model.revision);
    await whole.take(3);
    const { revision } = state.model;
    state.feed$.next({ kind: 'resync', revision, reason: 'the store lost data' });
    const told = await tail.next();
    expect([told.name, told.id, told.data.reason]).toEqual([
      'resync',
      revision,
      'the model was loaded anew: the store lost data',
    ]);
    expect((await whole.take(4)).map(({ name }) => name)).toEqual([
      'resync',
      'snapshot',
      'snapshot',
      'synced-snapshot',
    ]);
    await state.tell([moved('a', 'h2')]);
    expect((await tail.next()).data.id).toBe('a');
    expect((await whole.next()).data.id).toBe('a');
  });
});

describe('a filter', () => {
  it('shows what comes into its sight as added and what leaves it as removed', async () => {
    await start();
    const reader = await read('?host=h2&snapshot=true');
    expect((await reader.next()).data.elements).toMatchObject([{ name: 'h2' }]);
    expect((await reader.next()).data.counts).toEqual({ host: 1, instance: 0, aggregate: 0, server_group: 0 });
    await state.tell([moved('a', 'h2')]);
    expect((await reader.next()).data).toMatchObject({ id: 'a', change: 'added', before: null, after: { host: 'h2' } });
    await state.tell([fact('instance/a', 'power', 'paused')]);
    expect((await reader.next()).data).toMatchObject({ id: 'a', change: 'changed', fields: ['power_state'] });
    await state.tell([moved('a', 'h1')]);
    expect((await reader.next()).data).toMatchObject({ id: 'a', change: 'removed', after: { host: 'h1' } });
  });

  it.each([
    ['kind=host', ['host/h5']],
    ['kind=host&kind=aggregate', ['host/h5', 'aggregate/agg']],
    ['host=h5', ['host/h5', 'instance/b', 'aggregate/agg']],
    ['project=project-2', ['instance/b']],
    ['instance=b', ['instance/b', 'server_group/group']],
    ['kind=instance&host=h9', []],
  ])('lets %s pass only', async (query, expected) => {
    await start({ limits: { heartbeat: 0.02 } });
    const reader = await read(`?${query}`);
    await reader.reached(state.model.revision);
    await state.tell([
      ...hostFacts('h5'),
      ...instanceFacts('b', 'h5', { project: 'project-2' }),
      ...aggregateFacts('agg', 'fast', ['h5']),
      ...groupFacts('group', ['b']),
    ]);
    await reader.reached(state.model.revision);
    expect(reader.rest().map(({ data }) => `${data.kind}/${data.id}`)).toEqual(expected);
  });
});

describe('limits', () => {
  /** A client that asks and never reads. */
  function deaf(path: string): Promise<ReturnType<typeof connect>> {
    const { port, hostname } = new URL(address);
    return new Promise((resolve) => {
      const socket = connect({ port: Number(port), host: hostname.replace(/[[\]]/g, '') }, () => {
        socket.pause();
        socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
        resolve(socket);
      });
      socket.on('error', () => undefined); // it is cut, that is the point
    });
  }

  async function metric(name: string): Promise<number> {
    const { body } = await api.inject('/metrics');
    return Number(new RegExp(`^${name}\\{.*\\} (\\d+)$`, 'm').exec(body)?.[1]);
  }

  /** Waits for what must come to be; the test's own time limit is the only one. */
  async function until(holds: () => Promise<boolean>): Promise<void> {
    while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 10));
  }

  it('cut a reader that falls behind all changes held, and nobody else', async () => {
    await start({ limits: { changes_kept: 1_000 } });
    const socket = await deaf('/model/changes');
    const reader = await read('?kind=instance');
    await reader.reached(state.model.revision);
    const metadata = { note: 'x'.repeat(250) };
    let sent = 0;
    while ((await metric('vigil_subscribers_cut_total')) === 0) {
      const facts = Array.from({ length: 500 }, (_, i) =>
        fact(`instance/many-${i}`, 'metadata', { ...metadata, sent: String(sent) }),
      );
      await state.tell(facts);
      sent += facts.length;
      await reader.take(facts.length);
      expect(sent).toBeLessThan(200_000);
    }
    expect(await metric('vigil_subscribers_cut_total')).toBe(1);
    await until(async () => (await metric('vigil_subscribers')) === 1);
    socket.destroy();
  }, 60_000);

  it('cut a reader that takes nothing of its snapshot', async () => {
    const large = { note: 'x'.repeat(20_000) };
    await state.tell(Array.from({ length: 1_000 }, (_, i) => fact(`instance/large-${i}`, 'metadata', large)));
    await start({ limits: { heartbeat: 0.2 } });
    const socket = await deaf('/model/changes?snapshot=true');
    await until(async () => (await metric('vigil_subscribers_cut_total')) === 1);
    await until(async () => (await metric('vigil_subscribers')) === 0);
    socket.destroy();
  });

  it('refuse more subscribers than there are places', async () => {
    await start({ limits: { max_subscribers: 1 } });
    const first = await read('');
    const refused = await api.inject('/model/changes');
    expect([refused.statusCode, refused.json().error.code]).toEqual([503, 'too-many-subscribers']);
    first.close();
    await until(async () => (await metric('vigil_subscribers')) === 0);
    const second = await read('');
    expect(second.answer.statusCode).toBe(200);
  });

  it('refuse to be asked for headers alone, as there would be no end to wait for', async () => {
    await start();
    expect((await api.inject({ method: 'HEAD', url: '/model/changes' })).statusCode).toBe(404);
  });

  it.each(['?after=x', '?snapshot=maybe', '?kind=volume', '?hosts=h1', `?host=${'x'.repeat(256)}`])(
    'refuse %s',
    async (query) => {
      await start();
      const answer = await api.inject(`/model/changes${query}`);
      expect(answer.statusCode).toBe(400);
      expect(answer.json().error.what_to_do).not.toBe('');
    },
  );
});
