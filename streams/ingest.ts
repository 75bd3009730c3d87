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

/** A batch is committed within milliseconds, and may be decoded without a break: this bounds how long others wait for the thread. */
const BATCH_LIMIT = 256;

/** Decodes a batch by a present in microseconds since 1970, wherever: messages in order, each as {@link decode} does. */
export type Decoder = (messages: readonly RawMessage[], now: number) => Promise<readonly Decoded[]>;

/** Decodes in the thread that asks. */
export const decodeHere: Decoder = async (messages, now) => messages.map((message) => decode(message, now));

/**
 * From raw messages to the store: decode and commit what arrived while batches were under way, acknowledge. A message is
 * acknowledged only after its facts, or its dead letter, are committed. `now` gives microseconds since 1970.
 */
export function ingest(
  messages$: Observable<RawMessage>,
  store: ModelStore,
  now: () => number,
  decoder: Decoder = decodeHere,
): Observable<Ingested> {
  const cuts = new CutClocks(store);
  return messages$.pipe(
    batchWhileBusy(BATCH_LIMIT, async (batch) => {
      const present = now();
      await cuts.begin(present);
      return commitBatch(store, await cutAgain(await decoder(batch, present), present, cuts));
    }),
  );
}

async function commitBatch(store: ModelStore, decoded: readonly Decoded[]): Promise<Ingested> {
  const facts: Fact[] = [];
  for (const one of decoded) for (const fact of one.facts) facts.push(fact);
  const letters = decoded.flatMap(({ letter }) => (letter === null ? [] : [deadLetterRecord(letter)]));
  if (letters.length > 0) await store.putRecords(DEAD_LETTERS.kind, letters, DEAD_LETTERS.limit);
  const committed = await store.commit(facts);
  for (const { message } of decoded) message.ack();
  return { decoded, committed };
}

/** Decodes again what has a clock that must be cut: if it was cut before, as it was then. */
async function cutAgain(decoded: readonly Decoded[], now: number, cuts: CutClocks): Promise<readonly Decoded[]> {
  if (decoded.some(({ cut }) => cut)) await cuts.read(now);
  else if (!cuts.any) return decoded;
  const again = decoded.map((one) =>
    one.cut || cuts.presentOf(idOf(one)) !== undefined ? decode(one.message, now, cuts) : one,
  );
  await cuts.keep(
    again.flatMap((one) => (one.cut ? [idOf(one)] : [])).filter((id) => id !== ''),
    now,
  );
  return again;
}

/** The message id, of which nobody asks where nothing is told. */
function idOf({ facts }: Decoded): string {
  return facts[0]?.cause.id ?? '';
}
