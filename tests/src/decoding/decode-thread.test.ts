import { afterEach, describe, expect, it } from 'vitest';
import { DecodeThread } from '../../../src/decoding/decode-thread.ts';
import { decodeHere } from '../../../streams/ingest.ts';
import type { RawMessage } from '../../../streams/source.ts';
import { bodies, raw } from '../../streams/messages.ts';
import { AFTERWARDS } from '../../streams/replayed.ts';

const WORKING = new URL('./typescript-worker.mjs', import.meta.url);
const FAILING = new URL('./failing-worker.mjs', import.meta.url);
const CONFUSED = new URL('./confused-worker.mjs', import.meta.url);
/** Not even tried to begin. */
const REFUSED = new URL('http://localhost/worker.mjs');
const NOWHERE = new URL('./nowhere.mjs', import.meta.url);

const all = bodies.map((body) => raw(body));
const few = all.slice(0, 3);
const broken = [raw(Buffer.from('{"oslo.message": "')), ...all.slice(0, 30)];

describe('a thread that decodes', () => {
  const failures: string[] = [];
  let thread: DecodeThread | null = null;

  const begin = (entry: URL): DecodeThread => {
    thread = new DecodeThread(({ message }) => failures.push(message), entry);
    return thread;
  };
  const expectAsHere = async (decoder: DecodeThread, messages: readonly RawMessage[]): Promise<void> => {
    expect(await decoder.decode(messages, AFTERWARDS)).toEqual(await decodeHere(messages, AFTERWARDS));
  };

  afterEach(async () => {
    await thread?.end();
    failures.length = 0;
  });

  it('tells what is told when messages are decoded here', async () => {
    await expectAsHere(begin(WORKING), all);
    expect(failures).toEqual([]);
  });

  it('makes dead letters with the body and the origin of their messages', async () => {
    const decoder = begin(WORKING);
    await expectAsHere(decoder, broken);
    expect((await decoder.decode(broken, AFTERWARDS))[0]?.letter).toMatchObject({ reason: 'not-json', bytes: 18 });
  });

  it('gives batches back in the order in which they came, small ones too', async () => {
    const decoder = begin(WORKING);
    const told: number[] = [];
    const batches = [all, few, all.slice(0, 50), few];
    await Promise.all(batches.map(async (batch, i) => decoder.decode(batch, AFTERWARDS).then(() => told.push(i))));
    expect(told).toEqual([0, 1, 2, 3]);
  });

  it('is not begun for few messages', async () => {
    await expectAsHere(begin(NOWHERE), few);
    expect(failures).toEqual([]);
  });

  it('says once that it failed, and what it was given is decoded all the same', async () => {
    const decoder = begin(FAILING);
    await Promise.all([expectAsHere(decoder, all), expectAsHere(decoder, broken)]);
    await expectAsHere(decoder, all);
    expect(failures).toEqual(['out of order']);
  });

  it('is done without when its answer makes no sense', async () => {
    const decoder = begin(CONFUSED);
    await Promise.all([expectAsHere(decoder, all), expectAsHere(decoder, broken)]);
    await expectAsHere(decoder, all);
    expect(failures).toEqual(['entry 7 of the glossary is no name']);
  });

  it.each([
    ['is not there', NOWHERE, 'nowhere.mjs'],
    ['is refused', REFUSED, 'URL'],
  ])('is done without when it %s', async (_, entry, told) => {
    const decoder = begin(entry);
    await expectAsHere(decoder, all);
    await expectAsHere(decoder, broken);
    expect(failures).toEqual([expect.stringContaining(told)]);
  });

  it('leaves nothing undecoded when it is ended', async () => {
    const decoder = begin(WORKING);
    const underWay = expectAsHere(decoder, all);
    await decoder.end();
    await underWay;
    await expectAsHere(decoder, all);
    expect(failures).toEqual([]);
  });
});
