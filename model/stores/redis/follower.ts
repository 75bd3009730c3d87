import { compareRevisions, NO_REVISION, parseRevision, type Revision } from '../../revision.ts';
import type { Change, Followed } from '../../store.ts';
import type { Link } from './link.ts';
import { unpackChange } from './pack.ts';

/** An entry of the stream as Redis tells it: id, then field and value. */
type Entry = [id: Revision, fields: string[]];

const READ_COUNT = 500;
/** After so long without a change the head is asked for: it tells of a new epoch in which nothing was written yet. */
const READ_BLOCK_MS = 1_000;

/**
 * Reads a cloud's stream after a revision, over a link of its own as reading blocks the connection. Revisions of an epoch
 * have no gaps, so a change that does not carry on from the last one tells that something is missing.
 */
export async function* followStream(link: Link, stream: string, after: Revision): AsyncGenerator<Followed, void> {
  let position = after;
  let { head } = await link.join('');
  for (;;) {
    if (isLost(position, head)) {
      yield { kind: 'reset', reason: 'lost', head };
      position = head;
    }
    link.saw(position);
    const entries = await read(link, stream, position);
    const changes = entries.slice(0, contiguous(position, entries)).map(unpackEntry);
    const last = changes.at(-1);
    if (last !== undefined) {
      yield { kind: 'changes', changes };
      position = last.revision;
      if (compareRevisions(head, position) < 0) head = position;
      continue;
    }
    // Nothing came, or what came does not carry on. The head of before the reading tells whether it should have.
    const missed = entries.length > 0 || seqOf(position) < seqOf(head);
    ({ head } = await link.join(''));
    if (!missed || isLost(position, head)) continue;
    yield { kind: 'reset', reason: 'behind', head };
    position = head;
  }
}

function seqOf(revision: Revision): number {
  return parseRevision(revision)?.seq ?? 0;
}

/** Whether a revision was never given by the present epoch. */
function isLost(position: Revision, head: Revision): boolean {
  if (position === NO_REVISION) return false;
  return parseRevision(position)?.epoch !== parseRevision(head)?.epoch || compareRevisions(position, head) > 0;
}

async function read(link: Link, stream: string, after: Revision): Promise<readonly Entry[]> {
  const reply = await link.run((redis) =>
    redis.xread('COUNT', READ_COUNT, 'BLOCK', READ_BLOCK_MS, 'STREAMS', stream, after),
  );
  return (reply?.[0]?.[1] ?? []) as Entry[];
}

/** How many of the entries carry on from a revision without a gap. */
function contiguous(after: Revision, entries: readonly Entry[]): number {
  let last = parseRevision(after);
  let count = 0;
  for (const [id] of entries) {
    const next = parseRevision(id);
    if (last === null || next === null || next.seq !== last.seq + 1) break;
    if (next.epoch !== last.epoch && last.epoch !== 0) break;
    last = next;
    count++;
  }
  return count;
}

function unpackEntry([revision, fields]: Entry): Change {
  return unpackChange(revision, fields[1] ?? '');
}
