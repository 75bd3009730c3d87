import type { Lease, Ledger, LedgerWrite } from '../../model/ledger.ts';
import { VigilError } from '../errors.ts';
import type { Copy } from './keep-up.ts';

/** A change that lost so often against others is given up; each attempt sees a later state. */
const MAX_ATTEMPTS = 50;

/**
 * Writes what `compose` makes of a copy as it is, all or nothing; composes again when others were faster. What was written is
 * in the copy once it resolves. False when the lease under which it was to be done is no longer held: then nothing was written.
 *
 * @throws VigilError `records-busy`, or whatever compose throws
 */
export async function rewrite(
  ledger: Ledger,
  copy: Pick<Copy, 'take'>,
  compose: () => readonly LedgerWrite[],
  lease?: Lease,
): Promise<boolean> {
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const writes = compose();
    if (writes.length === 0) return true;
    const written = await ledger.write(writes, lease);
    if (written !== null) {
      copy.take(written);
      return true;
    }
    if (lease !== undefined && (await ledger.write([], lease)) === null) return false;
    await Promise.all(writes.map((write) => reread(ledger, copy, write)));
  }
  throw new VigilError('records-busy');
}

/** What is not there any more keeps its version in the copy, so that it is known to be overtaken. */
async function reread(ledger: Ledger, copy: Pick<Copy, 'take'>, { kind, id, seen }: LedgerWrite): Promise<void> {
  const record = await ledger.get(kind, id);
  copy.take([record ?? { kind, id, version: seen + 1, value: null }]);
}
