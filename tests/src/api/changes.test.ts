import { describe, expect, it } from 'vitest';
import { read, start, state } from './followed.ts';
import { aggregateFacts, deleted, fact, groupFacts, hostFacts, instanceFacts, moved } from './state.ts';

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
