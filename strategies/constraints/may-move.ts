import type { View } from '../../model/view.ts';
import { type Move, type MoveKind, Target, type TargetRule } from './move.ts';
import { type Finding, find, forbids, inWords, type Reason } from './reason.ts';
import { HOST_RULES, INSTANCE_RULES } from './rules.ts';

/** Whether an instance may be moved to a host now, and all that is to be said against or about it. */
export interface Verdict {
  readonly allowed: boolean;
  /** The rules the move would break; empty when it is allowed. */
  readonly forbidden: readonly Reason[];
  /** What does not forbid it and should be known: soft policies, what nova is too old to tell. */
  readonly notes: readonly Reason[];
}

export interface HostVerdict extends Verdict {
  readonly host: string;
}

/**
 * Whether nova would let an instance be moved to a host now, and if not, which of its rules forbid it. What is not known
 * forbids (`unknown`), and so does what only nova can work out (`needs-nova`: NUMA, pinned CPUs, PCI devices): a caller who
 * leaves the latter to nova's scheduler looks at the codes. On a fork earlier moves count, with what they claim.
 */
export function mayMove(view: View, uuid: string, host: string, kind: MoveKind): Verdict {
  return new MoveCheck(view, uuid, kind).verdict(host);
}

/** The verdict for every host, by name. */
export function explainMoves(view: View, uuid: string, kind: MoveKind): readonly HostVerdict[] {
  const check = new MoveCheck(view, uuid, kind);
  const names = [...view.hosts()].map(({ name }) => name).sort();
  return names.map((host) => ({ host, ...check.verdict(host) }));
}

/**
 * The checks of one instance, prepared once for any number of hosts. It is of one state of the view: after a move, or in a
 * later tick, make a new one.
 */
export class MoveCheck {
  readonly #view: View;
  readonly #always: readonly Finding[];
  readonly #rules: readonly TargetRule[];

  constructor(view: View, uuid: string, kind: MoveKind) {
    this.#view = view;
    const instance = view.instance(uuid);
    if (instance === undefined) {
      this.#always = [find('instance-unknown', { instance: uuid })];
      this.#rules = [];
      return;
    }
    const move: Move = { view, instance, kind };
    this.#always = INSTANCE_RULES.flatMap((rule) => rule(move));
    this.#rules = HOST_RULES.map((rule) => rule(move)).filter((rule) => rule !== null);
  }

  /** What forbids any move of the instance, wherever to. */
  get forbidden(): readonly Reason[] {
    return this.#always.filter(forbids).map(inWords);
  }

  /** Whether it may be moved to a host: the verdict without its reasons, as soon as one is found. */
  allows(host: string): boolean {
    if (this.#always.some(forbids)) return false;
    for (const finding of this.#findings(host)) if (forbids(finding)) return false;
    return true;
  }

  verdict(host: string): Verdict {
    const findings = [...this.#always, ...this.#findings(host)];
    const forbidden = findings.filter(forbids).map(inWords);
    const notes = findings.filter((finding) => !forbids(finding)).map(inWords);
    return { allowed: forbidden.length === 0, forbidden, notes };
  }

  *#findings(name: string): Iterable<Finding> {
    const host = this.#view.host(name);
    if (host === undefined || host.service === null) {
      yield find('host-unknown', { host: name });
      return;
    }
    const target = new Target(this.#view, host);
    for (const rule of this.#rules) yield* rule(target);
  }
}
