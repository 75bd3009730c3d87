import type { ModelStore } from '../../model/store.ts';
import { DEAD_LETTERS, deadLetter, deadLetterRecord } from '../../streams/dead-letter.ts';
import type { Undecodable } from '../../streams/decode/undecodable.ts';
import type { RawMessage } from '../../streams/source.ts';

/** Keeps a message whose measurements cannot be read with the dead letters. */
export function keepAside(store: ModelStore, message: RawMessage, error: Undecodable): Promise<void> {
  return store.putRecords(DEAD_LETTERS.kind, [deadLetterRecord(deadLetter(message, error))], DEAD_LETTERS.limit);
}
