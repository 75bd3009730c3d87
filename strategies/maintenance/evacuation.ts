import type { Fork } from '../../model/fork.ts';
import { type Instance, usageOf } from '../../model/instance.ts';
import { MoveCheck } from '../constraints/may-move.ts';
import type { MoveKind } from '../constraints/move.ts';
import { whyNot } from '../planner/feasible.ts';
import { migrate, migrateAnywhere, stop } from '../propose.ts';
import { forbidden, type Rejected, reject } from '../rejected.ts';
import type { ProposedAction, Scope } from '../strategy.ts';
import { Targets } from '../targets.ts';

export interface EvacuationOptions {
  /** Who takes everything: one host, or for each instance the one that nova chooses. */
  readonly target: EvacuationTarget;
  /** Whether instances may be moved while they run. */
  readonly live: boolean;
  /** Whether instances may be moved while they are stopped. */
  readonly cold: boolean;
}

export type EvacuationTarget =
  | { readonly kind: 'backup'; readonly host: string }
  /** Asked also where no host is known to have room for all of them, when `unsure`. */
  | { readonly kind: 'nova'; readonly unsure: boolean };

/** What was decided. */
export interface Decided {
  readonly moves: readonly ProposedAction[];
  readonly rejected: readonly Rejected[];
}

/** What becomes of each instance of a host that is to be emptied. */
export class Evacuation {
  readonly #view: Fork;
  readonly #scope: Scope;
  readonly #host: string;
  readonly #options: EvacuationOptions;
  readonly #targets: Targets;

  /** Moves instances on the view as it decides. */
  constructor(view: Fork, scope: Scope, host: string, options: EvacuationOptions) {
    this.#view = view;
    this.#scope = scope;
    this.#host = host;
    this.#options = options;
    const { target } = options;
    const isOther = (name: string): boolean => target.kind === 'backup' && name !== target.host;
    this.#targets = new Targets(view, scope, ({ name }) => name === host || isOther(name));
  }

  decide(): Decided {
    const moves: ProposedAction[] = [];
    const rejected: Rejected[] = [];
    const instances = [...this.#view.instancesOn(this.#host)].sort(largestFirst);
    for (const instance of instances) {
      const decided = this.#decide(instance);
      if ('code' in decided) rejected.push(decided);
      else moves.push(decided);
    }
    return { moves, rejected };
  }

  #decide(instance: Instance): ProposedAction | Rejected {
    if (!this.#scope.hasInstance(instance.uuid)) return reject(instance.uuid, 'out-of-scope');
    const state = instance.state?.vm_state ?? null;
    const { live, cold } = this.#options;
    if (state === 'stopped' && !cold) return reject(instance.uuid, 'stays-stopped');
    if (state === 'active' && !live && !cold) return this.#stop(instance);
    const kinds: MoveKind[] = [];
    if (live && state !== 'stopped') kinds.push('live');
    if (cold && state !== 'paused') kinds.push('cold');
    if (kinds.length === 0) return reject(instance.uuid, 'kind-not-wanted', { state: state ?? 'in an unknown state' });
    return this.#move(instance, kinds);
  }

  #stop(instance: Instance): ProposedAction | Rejected {
    const action = stop(instance, `${this.#host} is emptied, and no kind of migration is wanted.`);
    return whyNot(this.#view, action) ?? action;
  }

  /** By the first kind its rules admit; which host takes it is the same for all kinds. */
  #move(instance: Instance, kinds: readonly MoveKind[]): ProposedAction | Rejected {
    const { uuid } = instance;
    const checks = kinds.map((kind) => ({ kind, check: new MoveCheck(this.#view, uuid, kind) }));
    const { target } = this.#options;
    const admitted = checks.find(({ check }) => check.forbidden.length === 0);
    if (admitted !== undefined) return this.#place(instance, admitted.kind, admitted.check);
    const needingNova = checks.find(({ check }) => check.forbidden.every(({ code }) => code === 'needs-nova'));
    if (needingNova !== undefined && target.kind === 'nova') return this.#leaveToNova(instance, needingNova.kind, null);
    return forbidden(uuid, checks[0]?.check.forbidden ?? []);
  }

  #place(instance: Instance, kind: MoveKind, check: MoveCheck): ProposedAction | Rejected {
    const { uuid } = instance;
    const { target } = this.#options;
    const to = this.#targets.best(check);
    if (to !== null) {
      this.#view.move(uuid, to);
      this.#targets.moved(to);
    } else if (target.kind === 'backup' || !target.unsure) {
      return reject(uuid, 'no-host', { reasons: this.#targets.refusals(check) });
    }
    if (target.kind === 'nova') return this.#leaveToNova(instance, kind, to);
    return migrate(instance, kind, target.host, this.#reason(kind, instance));
  }

  #leaveToNova(instance: Instance, kind: MoveKind, foreseen: string | null): ProposedAction {
    const where =
      foreseen === null ? 'nova alone can tell where to.' : `nova chooses where to; ${foreseen} may take it.`;
    return migrateAnywhere(instance, kind, foreseen, `${this.#reason(kind, instance)} ${where}`);
  }

  #reason(kind: MoveKind, { state }: Instance): string {
    const how = kind === 'live' ? 'moved while it runs' : 'moved cold';
    return `${this.#host} is emptied; it is ${state?.vm_state ?? 'in an unknown state'} and can be ${how}.`;
  }
}

/** Large ones are hard to place once the room is gone. */
function largestFirst(a: Instance, b: Instance): number {
  return usageOf(b).memory_mb - usageOf(a).memory_mb || (a.uuid < b.uuid ? -1 : 1);
}
