import type { Ledger, LedgerRecord } from '../../model/ledger.ts';

const PAGE = 500;

/** All records of a kind, in the order of their ids, some at a time. */
export async function* pagesOf(ledger: Ledger, kind: string): AsyncGenerator<readonly LedgerRecord[]> {
  for (let after: string | null = null; ; ) {
    const page: readonly LedgerRecord[] = await ledger.list(kind, after, PAGE);
    yield page;
    if (page.length < PAGE) return;
    after = page.at(-1)?.id ?? null;
  }
}
