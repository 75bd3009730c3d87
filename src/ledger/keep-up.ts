import type { Ledger, LedgerRecord } from '../../model/ledger.ts';

/** What holds a copy of some of the ledger's records. */
export interface Copy {
  /** Reads everything anew; what was held is void. */
  load(): Promise<void>;
  /** Takes in what was written, by whomever; what is held in that version or a later one is told again at times. */
  take(records: readonly LedgerRecord[]): void;
}

/** Keeps a copy up with the ledger. Resolves once everything was read; `ended` then settles when following ends. */
export async function keepUp(ledger: Ledger, copy: Copy): Promise<{ readonly ended: Promise<void> }> {
  const events = ledger.follow()[Symbol.asyncIterator]();
  await events.next(); // a reset
  await copy.load();
  const ended = async (): Promise<void> => {
    for (;;) {
      const { done, value } = await events.next();
      if (done === true) return;
      if (value.kind === 'reset') await copy.load();
      else copy.take(value.records);
    }
  };
  return { ended: ended() };
}
