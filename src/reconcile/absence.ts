import type { Fact } from '../../model/fact.ts';
import { ApiError, type ApiFailure } from '../openstack/errors.ts';
import type { Pass } from './pass.ts';

/** The kinds of things that can be missing from a list. */
export type AbsentKind = 'instance' | 'service' | 'node' | 'aggregate' | 'server_group';

/** What a listing did not have although the model does. Each is only a suspect. */
export interface Suspects {
  readonly kind: AbsentKind;
  /** How many of the kind the model has. */
  readonly known: number;
  /** Names of those that were missing, unique among the kind. */
  readonly names: readonly string[];
  /** Asks for one by itself. Throws ApiError when that cannot be answered: then it is kept. */
  readonly ask: (name: string) => Promise<Asked>;
}

/** `facts` are those of its end when it is gone, else those of what it is. */
export interface Asked {
  readonly gone: boolean;
  readonly facts: readonly Fact[];
}

/** More suspects than this in one pass look like a fault of the list. */
const ALWAYS_ASKED = 20;
const SHARE_ASKED = 0.01;

const HOPELESS: readonly ApiFailure[] = [
  'unreachable',
  'timeout',
  'unauthorized',
  'forbidden',
  'busy',
  'aborted',
  'tls',
];

/** How many suspects of one pass are asked for at once. */
export function suspectLimit(known: number): number {
  return Math.max(ALWAYS_ASKED, Math.floor(known * SHARE_ASKED));
}

/**
 * Decides which suspects are asked for and which are held until a second pass agrees or an operator confirms. Nothing is
 * taken for gone here: only nova's word on each, when it is asked for, does that.
 */
export class AbsenceRule {
  readonly #held = new Map<AbsentKind, ReadonlySet<string>>();
  #confirmed = false;

  /** What is held, by kind. */
  held(): ReadonlyMap<AbsentKind, number> {
    return new Map([...this.#held].map(([kind, names]) => [kind, names.size]));
  }

  /** An operator says that so many are really gone: at the next pass all suspects are asked for. */
  confirm(): void {
    this.#confirmed = true;
  }

  /** A pass over everything has ended: a confirmation was good for it alone. */
  passed(): void {
    this.#confirmed = false;
  }

  /** Splits suspects into those to ask for now and the number of those held. */
  decide({ kind, known, names }: Pick<Suspects, 'kind' | 'known' | 'names'>): { ask: readonly string[]; held: number } {
    const before = this.#held.get(kind);
    // What an earlier pass missed too is agreed on: only what is new can be a fault of this list.
    const fresh = names.filter((name) => before?.has(name) !== true);
    const all = fresh.length <= suspectLimit(known) || this.#confirmed;
    const ask = all ? names : names.filter((name) => before?.has(name) === true);
    const held = all ? [] : fresh;
    if (held.length === 0) this.#held.delete(kind);
    else this.#held.set(kind, new Set(held));
    return { ask, held: held.length };
  }
}

/** Asks for suspects one by one and commits what nova says of each. */
export async function askForSuspects(pass: Pass, rule: AbsenceRule, suspects: Suspects): Promise<void> {
  const { ask, held } = rule.decide(suspects);
  if (held > 0)
    pass.problem(
      `${held} of ${suspects.known} ${plural(suspects.kind)} are missing from nova's list, more than ${suspectLimit(suspects.known)}: ` +
        'they are kept until a second pass agrees. If they are really gone, confirm it.',
    );
  await forEachAtOnce(ask, pass.parts.options.atOnce, async (name) => {
    try {
      const { gone, facts } = await suspects.ask(name);
      await pass.commit(facts);
      if (gone) pass.counts.gone += 1;
    } catch (error) {
      // What would fail for all others too ends the asking.
      if (!(error instanceof ApiError) || HOPELESS.includes(error.failure)) throw error;
      pass.problem(`${suspects.kind} ${name} is missing from nova's list and is kept: ${error.message}`);
    }
  });
}

/** Works on each item, so many at once. The first error ends it, once those under way have ended. */
export async function forEachAtOnce<T>(
  items: Iterable<T>,
  atOnce: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const queue = items[Symbol.iterator]();
  let failed = false;
  const worker = async (): Promise<void> => {
    for (let next = queue.next(); !next.done && !failed; next = queue.next()) {
      try {
        await work(next.value);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  const done = await Promise.allSettled(Array.from({ length: atOnce }, worker));
  for (const one of done) if (one.status === 'rejected') throw one.reason;
}

function plural(kind: AbsentKind): string {
  return `${kind.replace('_', ' ')}s`;
}
