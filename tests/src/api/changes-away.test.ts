import { describe, expect, it } from 'vitest';
import type { ModelStore } from '../../../model/store.ts';
import { api, read, start, startOver, state } from './followed.ts';
import { deleted, instanceFacts, moved } from './state.ts';

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
    await start({}, slow as ModelStore);
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
    await startOver({ path: state.path, retention: 3 });
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
    await startOver({ path: state.path });
    await start();
    const again = await read('', { 'Last-Event-ID': reader.lastId });
    expect((await again.next()).data).toMatchObject({ id: 'a', after: { host: 'h2' } });
  });

  it('is void when the store is another, that began empty', async () => {
    const place = state.model.revision;
    await startOver();
    await start();
    await state.tell(instanceFacts('b', 'h1'));
    for (const before of ['1-1', place]) {
      const reader = await read('?snapshot=true', { 'Last-Event-ID': before });
      const events = await reader.take(3);
      expect(events.map(({ name }) => name)).toEqual(['resync', 'snapshot', 'snapshot']);
    }
  });
});
