import { join } from 'node:path';
import { pino } from 'pino';
import { finalize, first, ReplaySubject, Subject } from 'rxjs';
import { afterEach, describe, expect, it } from 'vitest';
import type { Fact } from '../../model/fact.ts';
import type { ModelStore } from '../../model/store.ts';
import { openEmbeddedStore } from '../../model/stores/embedded/embedded-store.ts';
import { Service, type ServiceParts } from '../../src/service.ts';
import type { RawMessage, Source, SourceEvent } from '../../streams/source.ts';
import { recordingSource } from '../../streams/sources/recording.ts';
import { scanned } from '../model/stores/facts.ts';
import { altered, temporaryStore } from '../model/stores/temporary.ts';
import { recordings } from '../streams/corpus.ts';
import { bodies, envelope, factsOfMessage, firstOf, messageOf, raw } from '../streams/messages.ts';
import { differences } from '../streams/replayed.ts';

const DATA = join(import.meta.dirname, '../data');

const disposals: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const dispose of disposals.splice(0)) await dispose();
});

/** A source that says what a test says. */
class HandSource implements Source {
  readonly name: string;
  readonly sent$ = new Subject<RawMessage>();
  readonly messages$ = this.sent$.pipe(finalize(() => this.say('ended')));
  readonly events$ = new ReplaySubject<SourceEvent>(1);
  readonly acknowledged: number[] = [];
  #sent = 0;

  constructor(name = 'hand') {
    this.name = name;
  }

  send(...contents: readonly Uint8Array[]): void {
    for (const body of contents) {
      const number = this.#sent++;
      this.sent$.next(raw(body, () => this.acknowledged.push(number)));
    }
  }

  say(kind: SourceEvent['kind'], detail: string = kind): void {
    this.events$.next({ kind, detail });
  }
}

interface Begun {
  readonly service: Service;
  readonly store: ModelStore;
  readonly failures: unknown[];
  readonly gaps: string[];
}

async function begin(parts: Partial<ServiceParts> & Pick<ServiceParts, 'sources'>): Promise<Begun> {
  const { store, dispose } = await temporaryStore();
  const failures: unknown[] = [];
  const gaps: string[] = [];
  const service = new Service({
    cloud: 'cloud',
    store,
    reconciles: false,
    log: pino({ level: 'silent' }),
    ...parts,
  });
  service.gaps$.subscribe((reason) => gaps.push(reason));
  disposals.push(async () => {
    await service.stop();
    await dispose();
  });
  await service.start((error) => failures.push(error));
  return { service, store, failures, gaps };
}

const update = envelope(firstOf('live_migration_success', 'instance.update'));
const counted = (service: Service, messages: number): Promise<void> =>
  expect.poll(() => service.counters().messages).toBe(messages);

describe('a service', () => {
  it('takes recordings in, ends in what is true, and says that it has caught up', async () => {
    const scenarios = recordings().filter(({ name }) => ['live-migration', 'evacuate', 'shelve'].includes(name));
    const files = scenarios.map(({ name }) => join(DATA, 'recordings', `${name}.jsonl`));
    const { service, store, failures } = await begin({ sources: [recordingSource({ files })] });
    await counted(
      service,
      scenarios.reduce((sum, one) => sum + one.bodies.length, 0),
    );
    const head = await store.head();
    await expect.poll(() => service.model.revision).toBe(head);
    for (const { truth } of scenarios) expect(differences(service.model, truth)).toEqual([]);
    await expect.poll(() => service.freshness().synced).toBe(true);
    expect(service.sources()).toMatchObject([{ name: 'recording', last: { kind: 'ended' }, pending: 0, gaps: 0 }]);
    expect(failures).toEqual([]);
    expect(service.notices()).toEqual([]);
  });

  it('counts what came in, by what became of it', async () => {
    const source = new HandSource();
    const { service } = await begin({ sources: [source] });
    const exists = envelope({ ...messageOf(update), event_type: 'instance.exists' });
    const novel = envelope({ ...messageOf(update), event_type: 'instance.novel' });
    const future = envelope({ ...messageOf(update), message_id: 'x', timestamp: '2199-01-01 00:00:00' });
    source.send(update, exists, novel, Buffer.from('not JSON'), update.subarray(9), future);
    await counted(service, 6);
    const { factsWon, factsLost, byEvent, ...rest } = service.counters();
    expect(rest).toEqual({ messages: 6, ignored: 2, deadLetters: 2, clocksCut: 1 });
    expect(factsWon).toBeGreaterThan(0);
    expect(factsWon + factsLost).toBe(18);
    expect(Object.fromEntries(byEvent)).toEqual({ 'instance.update': 2, other: 2 });
    expect(source.acknowledged.sort()).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('tells what is received and not yet committed', async () => {
    const source = new HandSource();
    const { store, dispose } = await temporaryStore();
    disposals.push(dispose);
    let open: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    const slow = altered(store, {
      async commit(facts: readonly Fact[]) {
        await gate;
        return store.commit(facts);
      },
    });
    const { service } = await begin({ sources: [source], store: slow });
    source.send(update, update, update);
    expect(service.sources()).toMatchObject([{ received: 3, pending: 3 }]);
    open();
    await counted(service, 3);
    expect(service.sources()).toMatchObject([{ received: 3, pending: 0 }]);
  });

  it('asks for a full pass at each gap, and without an API says that nobody can mend it', async () => {
    const [one, other] = [new HandSource('amqp:nova'), new HandSource('kafka:nova')];
    const { service, gaps } = await begin({ sources: [one, other] });
    one.say('gap', 'the queue was gone');
    other.say('connected');
    other.say('gap', 'out of range');
    expect(gaps).toEqual(['amqp:nova: the queue was gone', 'kafka:nova: out of range']);
    expect(service.sources().map((report) => report.gaps)).toEqual([1, 1]);
    expect(service.notices().map(({ code }) => code)).toEqual(['gap-unrepaired']);
    const { service: mended } = await begin({ sources: [one], reconciles: true });
    expect(mended.notices()).toEqual([]);
  });

  it('is synced with a pass only once what was received before its end is committed', async () => {
    const source = new HandSource();
    const { store, dispose } = await temporaryStore();
    disposals.push(dispose);
    let open: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    const slow = altered(store, {
      async commit(facts: readonly Fact[]) {
        await gate;
        return store.commit(facts);
      },
    });
    const { service } = await begin({ sources: [source], store: slow, reconciles: true });
    source.say('connected');
    source.send(update);
    service.passed(Date.now());
    expect(service.freshness().synced).toBe(false);
    open();
    await expect.poll(() => service.freshness().synced).toBe(true);
    source.say('gap');
    expect(service.freshness().synced).toBe(false);
  });

  it('asks for another full pass once what had waited since before a gap is taken in, and is not synced before it', async () => {
    const source = new HandSource();
    const { service, gaps } = await begin({ sources: [source], reconciles: true });
    source.say('connected');
    source.say('gap', 'the connection was cut');
    const sincePass = Date.now();
    service.passed(sincePass);
    expect(service.freshness().reasons).toEqual(['hand is still catching up after a gap']);
    source.send(update);
    await counted(service, 1);
    // A pass that began in the same millisecond would count.
    await expect.poll(() => Date.now()).toBeGreaterThan(sincePass);
    source.say('caught-up');
    expect(gaps).toEqual(['hand: the connection was cut', 'hand: what had waited since before a gap is taken in']);
    expect(service.freshness().reasons).toEqual(['a full pass over the cloud is not complete']);
    service.passed(Date.now());
    expect(service.freshness().synced).toBe(true);
  });

  it('asks for no other pass when nothing had waited', async () => {
    const source = new HandSource();
    const { service, gaps } = await begin({ sources: [source], reconciles: true });
    source.say('connected');
    source.say('gap', 'the queue was gone');
    source.say('caught-up');
    source.send(update);
    await counted(service, 1);
    source.say('caught-up');
    expect(gaps).toEqual(['hand: the queue was gone']);
    service.passed(Date.now());
    await expect.poll(() => service.freshness().synced).toBe(true);
  });

  it('notices that nova sends no updates', async () => {
    const source = new HandSource();
    const { service } = await begin({ sources: [source] });
    const others = bodies.filter((body) => messageOf(body).event_type !== 'instance.update');
    source.send(...others);
    await counted(service, others.length);
    expect(service.notices().map(({ code }) => code)).toEqual(['notify-on-state-change-unset']);
    source.send(update);
    await counted(service, others.length + 1);
    expect(service.notices()).toEqual([]);
  });

  it('fails with a source that cannot go on', async () => {
    const { failures } = await begin({ sources: [recordingSource({ files: ['/nowhere/at-all.jsonl'] })] });
    await expect.poll(() => failures).toHaveLength(1);
    expect(String(failures[0])).toMatch(/\/nowhere\/at-all\.jsonl/);
  });

  it('fails with a store that cannot write, and acknowledges nothing of it', async () => {
    const source = new HandSource();
    const { store, dispose } = await temporaryStore();
    disposals.push(dispose);
    const full = altered(store, { commit: () => Promise.reject(new Error('the disk is full')) });
    const { failures } = await begin({ sources: [source], store: full });
    source.send(update);
    await expect.poll(() => failures).toHaveLength(1);
    expect(String(failures[0])).toMatch(/the disk is full/);
    expect(source.acknowledged).toEqual([]);
  });

  it('acknowledges nothing that is not committed when it is stopped in the middle', async () => {
    const source = new HandSource();
    const { store, path, dispose } = await temporaryStore();
    disposals.push(dispose);
    const { service, failures } = await begin({ sources: [source], store });
    const stopped = new Promise<void>((resolve, reject) => {
      service.ingested$.pipe(first()).subscribe(() => void service.stop().then(resolve, reject));
    });
    // Many more than are under way at once.
    const sent = [...bodies, ...bodies, ...bodies];
    source.send(...sent);
    await stopped;
    expect(source.sent$.observed).toBe(false);
    expect(source.acknowledged.length).toBeGreaterThan(0);
    expect(source.acknowledged.length).toBeLessThan(sent.length);
    const reopened = await openEmbeddedStore({ path });
    try {
      const held = await scanned(reopened);
      for (const number of source.acknowledged) {
        for (const { element, register, clock } of factsOfMessage(messageOf(sent[number] as Buffer))) {
          expect(held[`${element} ${register}`]).toMatchObject({ clock: expect.any(String) });
          expect((held[`${element} ${register}`] as { clock: string }).clock >= clock).toBe(true);
        }
      }
    } finally {
      await reopened.close();
    }
    expect(failures).toEqual([]);
  });
});
