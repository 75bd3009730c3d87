import type { Value } from '../../fact.ts';
import type { LedgerEvent, LedgerRecord } from '../../ledger.ts';
import type { CloudKeys } from './keys.ts';
import type { Link } from './link.ts';

const READ_COUNT = 200;
const READ_BLOCK_MS = 1_000;
const BEGINNING = '0-0';

type Entry = [id: string, fields: string[]];

/** The place of the ledger's last transaction, and the server process that told it. */
interface Head {
  readonly id: string;
  readonly serverRun: string;
}

/**
 * Follows the ledger's stream over a link of its own, from its head on. A follower is reset when transactions after its
 * place are no longer held, and when another server process answers, which may have lost some.
 */
export function followLedger(link: Link, keys: CloudKeys): AsyncIterable<LedgerEvent> {
  const events = read(link, keys);
  const iterator: AsyncIterator<LedgerEvent> = {
    next: async () => {
      try {
        return await events.next();
      } catch (error) {
        const ended = link.closed;
        link.cut();
        if (ended) return { done: true, value: undefined };
        throw error;
      }
    },
    // Not the generator's own, which would wait for the blocked read.
    return: async () => {
      link.cut();
      return { done: true, value: undefined };
    },
  };
  return { [Symbol.asyncIterator]: () => iterator };
}

async function* read(link: Link, keys: CloudKeys): AsyncGenerator<LedgerEvent, void> {
  let at = await headOf(link, keys);
  yield { kind: 'reset' };
  for (;;) {
    const { entries, serverRun } = await link.run(async (redis, run) => {
      const reply = await redis.xread('COUNT', READ_COUNT, 'BLOCK', READ_BLOCK_MS, 'STREAMS', keys.ledgerStream, at.id);
      return { entries: (reply?.[0]?.[1] ?? []) as Entry[], serverRun: run };
    });
    const last = entries.at(-1)?.[0];
    const carriesOn = serverRun === at.serverRun && (await isContiguous(at.id, entries, link, keys));
    if (!carriesOn) {
      at = await headOf(link, keys);
      yield { kind: 'reset' };
    } else if (last !== undefined) {
      at = { id: last, serverRun };
      yield { kind: 'written', records: entries.flatMap(([, fields]) => unpackEntry(fields[1] ?? '[]')) };
    }
  }
}

/** Whether nothing is missing between a place and the entries that follow it; numbers of an epoch have no gaps. */
async function isContiguous(after: string, entries: readonly Entry[], link: Link, keys: CloudKeys): Promise<boolean> {
  if (entries.length === 0) {
    const head = await headOf(link, keys);
    return head.id === after || comesAfter(head.id, after);
  }
  let [epoch, seq] = numbers(after);
  for (const [id] of entries) {
    const [nextEpoch, nextSeq] = numbers(id);
    const begins = after === BEGINNING && nextSeq === 1;
    if (!begins && (nextEpoch !== epoch || nextSeq !== seq + 1)) return false;
    [epoch, seq] = [nextEpoch, nextSeq];
  }
  return true;
}

function comesAfter(id: string, other: string): boolean {
  const [epoch, seq] = numbers(id);
  const [otherEpoch, otherSeq] = numbers(other);
  return epoch === otherEpoch ? seq > otherSeq : other === BEGINNING;
}

function numbers(id: string): [epoch: number, seq: number] {
  const [epoch = '0', seq = '0'] = id.split('-');
  return [Number(epoch), Number(seq)];
}

async function headOf(link: Link, keys: CloudKeys): Promise<Head> {
  return link.run(async (redis, serverRun) => {
    const [epoch, seq] = await redis.hmget(keys.ledgerState, 'epoch', 'seq');
    return { id: epoch == null || seq == null ? BEGINNING : `${epoch}-${seq}`, serverRun };
  });
}

/** An entry is a list of kind, id, version, value, for one record after the other. */
function unpackEntry(text: string): LedgerRecord[] {
  const parts = JSON.parse(text) as string[];
  const records: LedgerRecord[] = [];
  for (let i = 0; i + 3 < parts.length; i += 4) {
    const [kind = '', id = '', version = '', value = ''] = parts.slice(i, i + 4);
    records.push({ kind, id, version: Number(version), value: value === '' ? null : (JSON.parse(value) as Value) });
  }
  return records;
}
