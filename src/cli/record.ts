import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { finalize, lastValueFrom, merge, type Observable, takeUntil } from 'rxjs';
import { batchWhileBusy } from '../../streams/batch-while-busy.ts';
import type { RawMessage, Source } from '../../streams/source.ts';
import { formatMarker, formatRecord } from '../../streams/sources/record-format.ts';

const BATCH = 1_000;

/**
 * Writes every message of the sources to a file, exactly as received, until `stop$` emits; acknowledges what is written.
 * What becomes of a connection is written as markers, so that a reader knows where something may be missing. Returns how many
 * messages were written.
 */
export async function record(sources: readonly Source[], path: string, stop$: Observable<unknown>): Promise<number> {
  const file = createWriteStream(path, { flags: 'ax', mode: 0o600 });
  await once(file, 'open').catch((error: NodeJS.ErrnoException) => {
    const why = error.code === 'EEXIST' ? 'it is there already: name another file' : error.message;
    throw new Error(`cannot write to ${path}: ${why}`, { cause: error });
  });
  let seq = 0;
  let written = 0;
  const failure = ({ message }: Error): Error =>
    new Error(`cannot write to ${path} after ${written} messages: ${message}`);
  const failed = new Promise<never>((_, reject) => {
    file.once('error', (error) => reject(failure(error)));
  });
  const write = async (batch: readonly RawMessage[]): Promise<void> => {
    const lines = batch.map((message) => `${formatRecord(message, ++seq)}\n`).join('');
    await new Promise<void>((resolve, reject) => {
      file.write(lines, (error) => (error == null ? resolve() : reject(failure(error))));
    });
    written += batch.length;
    for (const message of batch) message.ack();
  };
  const markers = merge(...sources.map(({ events$ }) => events$)).subscribe(({ kind, detail }) => {
    file.write(`${formatMarker(`${kind}: ${detail}`, Date.now())}\n`);
  });
  const messages$ = merge(...sources.map((source) => source.messages$)).pipe(takeUntil(stop$));
  const recorded$ = messages$.pipe(
    batchWhileBusy(BATCH, write),
    finalize(() => markers.unsubscribe()),
  );
  await Promise.race([lastValueFrom(recorded$, { defaultValue: undefined }), failed]);
  file.end();
  await once(file, 'close');
  return written;
}
