import type { Host } from '../../model/host.ts';
import type { Instance } from '../../model/instance.ts';
import type { ModelChange } from '../../model/live-model.ts';
import type { Target } from './collector.ts';

/** What is ready to be read must have been quiet for so long (µs): claims and migrations end after what tells of a move. */
const QUIET = 3_000_000;
/** What is never quiet is read all the same, so long after it was first touched. */
const LONGEST = 30_000_000;
/**
 * So long after it was read it is read once more (µs): a slow nova gives claims up long after it told of the move, and of a
 * build that failed and went on elsewhere nothing may tell where it had claimed something.
 */
const SECOND_LOOK = 30_000_000;

interface Touch {
  readonly first: number;
  readonly last: number;
}

/** Things of which something may have changed that no notification tells, until it is read. Times in µs. */
export class Touched {
  readonly #touches = new Map<string, Touch>();
  /** What is to be read once more, and when it was read first. */
  readonly #again = new Map<string, number>();

  add(id: string, now: number): void {
    this.#touches.set(id, { first: this.#touches.get(id)?.first ?? now, last: now });
    this.#again.delete(id);
  }

  /** Takes so many of those that are ready, the ones touched first before the others, second looks last. */
  take(most: number, now: number): string[] {
    const ready: string[] = [];
    for (const [id, { first, last }] of this.#touches) {
      if (ready.length === most) return ready;
      if (now - last < QUIET && now - first < LONGEST) continue;
      this.#touches.delete(id);
      this.#again.set(id, now);
      ready.push(id);
    }
    for (const [id, read] of this.#again) {
      if (ready.length === most) return ready;
      if (now - read < SECOND_LOOK) continue;
      this.#again.delete(id);
      ready.push(id);
    }
    return ready;
  }

  /** All is read anyway: what was touched needs only its second look. */
  allRead(now: number): void {
    for (const id of this.#touches.keys()) this.#again.set(id, now);
    this.#touches.clear();
  }
}

/** Of what a change of the model makes doubtful what notifications do not tell: claims, traits, migrations. */
export function touchedBy({ kind, before, after }: ModelChange): readonly Target[] {
  if (kind === 'host') return changed(before as Host | null, after as Host | null);
  if (kind === 'instance') return moved(before as Instance | null, after as Instance | null);
  return [];
}

/** A nova-compute that is back gives up what was taken from it meanwhile; one that is disabled says so by a trait. */
function changed(was: Host | null, is: Host | null): readonly Target[] {
  const returned = was?.up === false && is?.up === true;
  const turned = was?.service?.disabled !== is?.service?.disabled;
  return is !== null && (returned || turned) ? [{ kind: 'host', id: is.name }] : [];
}

/** Where an instance was, is, and moves from and to; and itself, unless it is gone. */
function moved(was: Instance | null, is: Instance | null): readonly Target[] {
  const touched: Target[] = [];
  if (is !== null && (was?.state !== is.state || was?.place !== is.place))
    touched.push({ kind: 'instance', id: is.uuid });
  const sameClaims =
    was !== null &&
    is !== null &&
    was.place === is.place &&
    was.flavor === is.flavor &&
    was.migration === is.migration &&
    was.state?.vm_state === is.state?.vm_state;
  if (sameClaims) return touched;
  for (const instance of [was, is]) {
    const { place, migration } = instance ?? {};
    for (const id of [place?.host, migration?.source_host, migration?.dest_host])
      if (typeof id === 'string') touched.push({ kind: 'host', id });
  }
  return touched;
}
