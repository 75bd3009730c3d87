import type { Observable } from 'rxjs';
import type { Fact } from '../model/fact.ts';
import type { Committed, ModelStore } from '../model/store.ts';
import { batchWhileBusy } from './batch-while-busy.ts';
import { CutClocks } from './cut-clocks.ts';
import { DEAD_LETTERS, deadLetterRecord } from './dead-letter.ts';
import { type Decoded, decode } from './decoded.ts';
import type { RawMessage } from './source.ts';

/** A batch of messages whose facts and dead letters are committed and which are acknowledged. */
export interface Ingested {
  readonly decoded: readonly Decoded[];
  readonly committed: Committed;
}

/** A batch is committed within milliseconds and decoded without a break: this bounds how long others wait for the thread. */
const BATCH_LIMIT = 256;

/**
 * From raw messages to the store: decode, commit what arrived during the previous commit, acknowledge. A message is
 * acknowledged only after its facts, or its dead letter, are committed. `now` gives microseconds since 1970.
 */
export function ingest(messages$: Observable<RawMessage>, store: ModelStore, now: () => number): Observable<Ingested> {
  const cuts = new CutClocks(store);
  return messages$.pipe(batchWhileBusy(BATCH_LIMIT, (batch) => commitBatch(store, batch, now(), cuts)));
}

/** Decodes only now: what waits, waits as bytes. */
async function commitBatch(
  store: ModelStore,
  messages: readonly RawMessage[],
  now: number,
  cuts: CutClocks,
): Promise<Ingested> {
  const decoded = await decodeAll(messages, now, cuts);
  const facts: Fact[] = [];
  for (const one of decoded) for (const fact of one.facts) facts.push(fact);
  const letters = decoded.flatMap(({ letter }) => (letter === null ? [] : [deadLetterRecord(letter)]));
  if (letters.length > 0) await store.putRecords(DEAD_LETTERS.kind, letters, DEAD_LETTERS.limit);
  const committed = await store.commit(facts);
  for (const { message } of decoded) message.ack();
  return { decoded, committed };
}

/** Decodes messages. Should a clock have to be cut that was cut before, it is cut as it was then. */
async function decodeAll(messages: readonly RawMessage[], now: number, cuts: CutClocks): Promise<readonly Decoded[]> {
  await cuts.begin(now);
  const decoded = messages.map((message) => decode(message, now, cuts));
  if (!decoded.some(({ cut }) => cut)) return decoded;
  await cuts.read(now);
  const again = decoded.map((one) => (one.cut ? decode(one.message, now, cuts) : one));
  await cuts.keep(
    again.flatMap(({ cut, facts }) => (cut && facts[0] !== undefined ? [facts[0].cause.id] : [])),
    now,
  );
  return again;
}
