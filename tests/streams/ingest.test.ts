import { from, lastValueFrom, Subject, toArray } from 'rxjs';
import { afterEach, describe, expect, it } from 'vitest';
import type { Fact } from '../../model/fact.ts';
import { LiveModel } from '../../model/live-model.ts';
import type { ModelStore } from '../../model/store.ts';
import { DEAD_LETTERS } from '../../streams/dead-letter.ts';
import { type Ingested, ingest } from '../../streams/ingest.ts';
import type { RawMessage } from '../../streams/source.ts';
import { joined, scanned } from '../model/stores/facts.ts';
import { altered, temporaryStore } from '../model/stores/temporary.ts';
import { traces } from './corpus.ts';
import { bodies, changed, envelope, factsOfMessage, firstOf, messageOf, raw } from './messages.ts';
import { AFTERWARDS, differences } from './replayed.ts';

const update = envelope(firstOf('live_migration_success', 'instance.update'));
const now = (): number => AFTERWARDS;

/** Messages with a note of each acknowledgement, in order. */
function messagesOf(contents: readonly Uint8Array[]): { messages: RawMessage[]; acknowledged: number[] } {
  const acknowledged: number[] = [];
  return { messages: contents.map((body, i) => raw(body, () => acknowledged.push(i))), acknowledged };
}

describe('taking in messages', () => {
  const disposals: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const dispose of disposals.splice(0)) await dispose();
  });
  const begin = async (): Promise<ModelStore> => {
    const { store, dispose } = await temporaryStore();
    disposals.push(dispose);
    return store;
  };
  const take = (messages: readonly RawMessage[], store: ModelStore): Promise<Ingested[]> =>
    lastValueFrom(ingest(from(messages), store, now).pipe(toArray()));

  it('keeps the join of all they tell, and acknowledges each once, in order', async () => {
    const store = await begin();
    const { messages, acknowledged } = messagesOf(bodies);
    const batches = await take(messages, store);
    expect(acknowledged).toEqual(messages.map((_, i) => i));
    expect(await scanned(store)).toEqual(joined(bodies.flatMap((body) => factsOfMessage(messageOf(body)))));
    expect(batches.flatMap(({ decoded }) => decoded.map(({ message }) => message))).toEqual(messages);
    expect(Math.max(...batches.map(({ decoded }) => decoded.length))).toBeLessThanOrEqual(256);
  });

  it('ends in what is true', async () => {
    const store = await begin();
    const [scenario] = traces().filter(({ name }) => name === 'evacuate_alive');
    await take(messagesOf(scenario?.bodies ?? []).messages, store);
    const model = new LiveModel();
    for await (const facts of store.scan()) model.load(facts, await store.head());
    expect(differences(model, scenario?.truth ?? new Map())).toEqual([]);
    expect(model.instanceCount()).toBeGreaterThan(0);
  });

  it('tells facts won and lost: a message taken in twice wins nothing the second time', async () => {
    const store = await begin();
    const [first] = await take([raw(update)], store);
    const [again] = await take([raw(update)], store);
    expect(first?.committed.won).toBeGreaterThan(0);
    expect(again?.committed).toEqual({ revision: first?.committed.revision, won: 0, lost: first?.committed.won });
  });

  describe('a message whose clock is far in the future', () => {
    const MINUTE = 60_000_000;
    const NOON = Date.UTC(2026, 11, 1, 12) * 1_000;
    const at = (minutes: number): string => new Date((NOON + minutes * MINUTE) / 1_000).toISOString().slice(0, 19);
    /** An update that says it was saved and sent so many minutes after noon. */
    const saying = (minutes: number, host: string): Buffer =>
      envelope(
        changed(
          firstOf('live_migration_success', 'instance.update'),
          { host, updated_at: `${at(minutes)}Z` },
          { message_id: host, timestamp: at(minutes).replace('T', ' ') },
        ),
      );
    const takeAt = async (minutes: number, body: Buffer, store: ModelStore): Promise<Ingested['committed']> =>
      (await lastValueFrom(ingest(from([raw(body)]), store, () => NOON + minutes * MINUTE))).committed;
    const hosts = async (store: ModelStore): Promise<unknown[]> => {
      const model = new LiveModel();
      for await (const facts of store.scan()) model.load(facts, await store.head());
      return [...model.instances()].map(({ place }) => place?.host);
    };

    it.each([10, 1_000_000])(
      '(%i minutes) tells the same when it comes again, whenever and to whomever',
      async (ahead) => {
        const store = await begin();
        const early = saying(ahead, 'early');
        const first = await takeAt(0, early, store);
        expect(first.won).toBeGreaterThan(0);
        for (const later of [0.001, 1, 7, 60])
          expect(await takeAt(later, early, store)).toEqual({ ...first, won: 0, lost: first.won });
      },
    );

    it('gives way to what is said five minutes after it came first, for good', async () => {
      const store = await begin();
      const early = saying(1_000_000, 'early');
      await takeAt(0, early, store);
      await takeAt(4, saying(4, 'too-soon'), store);
      expect(await hosts(store)).toEqual(['early']);
      await takeAt(4, early, store);
      await takeAt(6, saying(6, 'true'), store);
      await takeAt(7, early, store);
      expect(await hosts(store)).toEqual(['true']);
    });
  });

  it('acknowledges nothing before it is committed', async () => {
    const store = await begin();
    let open: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    let begun: () => void = () => undefined;
    const committing = new Promise<void>((resolve) => {
      begun = resolve;
    });
    const slow = altered(store, {
      async commit(facts: readonly Fact[]) {
        begun();
        await gate;
        return store.commit(facts);
      },
    });
    const { messages, acknowledged } = messagesOf([update, Buffer.from('not JSON'), update]);
    const done = take(messages, slow);
    await committing;
    expect(acknowledged).toEqual([]);
    expect(await scanned(store)).toEqual({});
    open();
    await done;
    expect(acknowledged).toEqual([0, 1, 2]);
  });

  it('acknowledges nothing of what could not be committed, and stops', async () => {
    const store = await begin();
    let commits = 0;
    const failing = altered(store, {
      commit(facts: readonly Fact[]) {
        commits += 1;
        return commits === 2 ? Promise.reject(new Error('the disk is full')) : store.commit(facts);
      },
    });
    const source = new Subject<RawMessage>();
    const { messages, acknowledged } = messagesOf([update, update, update]);
    const taken: Ingested[] = [];
    const failed = new Promise<unknown>((resolve) => {
      ingest(source, failing, now).subscribe({
        next: (batch) => {
          taken.push(batch);
          for (const message of messages.slice(1)) source.next(message);
        },
        error: resolve,
      });
    });
    source.next(messages[0] as RawMessage);
    expect(await failed).toMatchObject({ message: 'the disk is full' });
    expect(acknowledged).toEqual([0]);
    expect(taken).toHaveLength(1);
    expect(source.observed).toBe(false);
  });

  it('keeps what cannot be used as dead letters, and the rest as facts', async () => {
    const store = await begin();
    const broken = [
      Buffer.from('not JSON'),
      Buffer.from([0xff]),
      Buffer.alloc(10 * 1024 * 1024),
      update.subarray(0, 99),
    ];
    const { messages, acknowledged } = messagesOf(
      [broken[0], update, ...broken.slice(1)].filter((body) => body !== undefined),
    );
    const [batch, ...more] = await take(messages, store);
    const { records, held, ever } = await store.listRecords(DEAD_LETTERS.kind, null, 100);
    expect({ held, ever }).toEqual({ held: 4, ever: 4 });
    const reasons = records.map(({ value }) => (value as { reason: string }).reason);
    expect(reasons.sort()).toEqual(['not-json', 'not-json', 'not-text', 'too-large']);
    expect([batch, ...more].flatMap((one) => one?.decoded ?? []).filter(({ letter }) => letter !== null)).toHaveLength(
      4,
    );
    expect(Object.keys(await scanned(store)).length).toBeGreaterThan(0);
    expect(acknowledged).toEqual([0, 1, 2, 3, 4]);
  });

  it('acknowledges nothing when dead letters cannot be kept', async () => {
    const store = await begin();
    const failing = altered(store, { putRecords: () => Promise.reject(new Error('the disk is full')) });
    const { messages, acknowledged } = messagesOf([update, Buffer.from('not JSON')]);
    await expect(take(messages, failing)).rejects.toThrow('the disk is full');
    expect(acknowledged).toEqual([]);
    expect(await scanned(store)).toEqual({});
  });

  it('commits large messages few at a time', async () => {
    const store = await begin();
    const large = Buffer.concat([update, Buffer.alloc(3 * 1024 * 1024, ' ')]);
    const batches = await take(
      Array.from({ length: 5 }, () => raw(large)),
      store,
    );
    expect(batches.map(({ decoded }) => decoded.length)).toEqual([2, 2, 1]);
  });
});
