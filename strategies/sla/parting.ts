import { MoveCheck } from '../constraints/may-move.ts';
import { priorityOf } from '../priority.ts';
import { forbidden, type Rejected, reject } from '../rejected.ts';
import type { History } from '../strategy.ts';
import type { Targets } from '../targets.ts';
import { likelihood, type Scene, type Suspect } from './suspects.ts';

/** A move that parts victims from what they suffer from. */
export interface Parting {
  readonly suspect: Suspect;
  readonly to: string;
  /** By how much the pressure beside the victims sinks, on average over them, 0 to 1. */
  readonly relief: number;
  /** The relief, less for moves that cost much or touch the important. */
  readonly worth: number;
  readonly before: Pressures;
  readonly after: Pressures;
}

/** What is asked of the two hosts of a move for each of their CPUs. */
export interface Pressures {
  readonly from: number;
  readonly to: number;
}

export interface PartingOptions {
  readonly minimumGain: number;
  readonly cooldownMillis: number;
  readonly now: number;
  readonly history: History;
}

/** Up to this, nobody on a host has to wait for a CPU for long. */
const COMFORTABLE = 0.8;
const MIB_PER_GIB = 1_024;
/** Moving so much memory halves what a move is worth. */
const COSTLY_GIB = 64;
/** The highest priority halves it too. */
const COSTLY_PRIORITY = 10;
/** And so does moving the only victim: it suffers from the move besides, and the next on its host suffers in its place. */
const COSTLY_VICTIM = 1;

/** Finds the one move of a host's suspects that is worth most. */
export class Partings {
  readonly #scene: Scene;
  readonly #targets: Targets;
  readonly #options: PartingOptions;

  constructor(scene: Scene, targets: Targets, options: PartingOptions) {
    this.#scene = scene;
    this.#targets = targets;
    this.#options = options;
  }

  /** The best move, and of every other suspect why it is not moved. */
  best(
    host: string,
    victims: readonly string[],
    suspects: readonly Suspect[],
  ): { readonly parting: Parting | null; readonly rejected: readonly Rejected[] } {
    const rejected: Rejected[] = [];
    let parting: Parting | null = null;
    const passed: { readonly suspect: Suspect; readonly most: number }[] = [];
    const ranked = suspects
      .map((suspect) => ({ suspect, most: this.#mostRelief(host, suspect, victims) }))
      .sort((a, b) => worthOf(b.suspect, b.most, victims.length) - worthOf(a.suspect, a.most, victims.length));
    for (const { suspect, most } of ranked) {
      const refusal = this.#refusal(suspect, victims, most);
      if (refusal !== null) rejected.push(refusal);
      else if (parting !== null && worthOf(suspect, most, victims.length) <= parting.worth)
        passed.push({ suspect, most });
      else {
        const tried = this.#try(host, suspect, victims);
        if ('code' in tried) rejected.push(tried);
        else if (parting === null || tried.worth > parting.worth) {
          if (parting !== null) passed.push({ suspect: parting.suspect, most: parting.relief });
          parting = tried;
        } else passed.push({ suspect, most: tried.relief });
      }
    }
    for (const { suspect, most } of passed)
      rejected.push(
        reject(suspect.instance.uuid, 'gains-less', {
          ...{ relief: percent(most), best: percent(parting?.relief ?? 0) },
          other: parting?.suspect.instance.uuid ?? '',
        }),
      );
    return { parting, rejected };
  }

  /** Why a suspect is not moved wherever it would go; null when it may be. */
  #refusal(suspect: Suspect, victims: readonly string[], most: number): Rejected | null {
    const { uuid } = suspect.instance;
    const { minimumGain, cooldownMillis, now, history } = this.#options;
    if (most < minimumGain)
      return reject(uuid, 'gains-too-little', { relief: percent(most), least: percent(minimumGain) });
    const moved = history.lastMove(uuid);
    if (moved !== null && now - moved < cooldownMillis)
      return reject(uuid, 'cooldown', { seconds: Math.ceil((moved + cooldownMillis - now) / 1_000) });
    const own = priorityOf(suspect.instance);
    const theirs = Math.max(0, ...victims.map((victim) => this.#priority(victim)));
    if (!suspect.isVictim && own > theirs) return reject(uuid, 'more-important', { own, theirs });
    const { forbidden: reasons } = new MoveCheck(this.#scene.view, uuid, 'live');
    return reasons.length === 0 ? null : forbidden(uuid, reasons);
  }

  /** What a move would bring if it went to a host of which nothing is asked. */
  #mostRelief(host: string, suspect: Suspect, victims: readonly string[]): number {
    const from = this.#scene.demand.pressure(host) ?? 0;
    return this.#relief(suspect, victims, from, { from: from * (1 - suspect.share), to: 0 });
  }

  /**
   * The mean over the victims of how far what each suffers sinks: one that is moved itself has that of its new host, the
   * others that of their own without what goes, as far as it is likely that they suffer from it.
   */
  #relief(suspect: Suspect, victims: readonly string[], before: number, after: Pressures): number {
    const moved = suspect.isVictim ? 1 : 0;
    const others = (victims.length - moved) * likelihood(suspect);
    return (moved * this.#eased(before, after.to) + others * this.#eased(before, after.from)) / victims.length;
  }

  /** Where there is a limit, what is asked beyond what is comfortable is what hurts. */
  #eased(before: number, after: number): number {
    const free = this.#scene.demand.hasLimit && before > COMFORTABLE ? COMFORTABLE : 0;
    return before <= 0 ? 0 : 1 - Math.max(0, after - free) / (before - free);
  }

  #try(host: string, suspect: Suspect, victims: readonly string[]): Parting | Rejected {
    const { view, demand } = this.#scene;
    const { uuid } = suspect.instance;
    const from = demand.pressure(host) ?? 0;
    const fromAfter = from * (1 - suspect.share);
    const check = new MoveCheck(view, uuid, 'live');
    let best: Parting | null = null;
    let tooBusy = 0;
    let unmeasured = 0;
    for (const to of this.#targets.allowed(check)) {
      const there = demand.pressure(to);
      if (there === null) {
        unmeasured += 1;
        continue;
      }
      const toAfter = there + suspect.demand / demand.cpusOf(to);
      if (!this.#isBetter(from, toAfter)) {
        tooBusy += 1;
        continue;
      }
      if (best !== null && toAfter >= best.after.to) continue;
      const before = { from, to: there };
      const after = { from: fromAfter, to: toAfter };
      const eased = this.#relief(suspect, victims, from, after);
      best = {
        suspect,
        to,
        relief: eased,
        worth: worthOf(suspect, eased, victims.length),
        before,
        after,
      };
    }
    if (best === null) {
      if (unmeasured + tooBusy > 0) return reject(uuid, 'no-better-host', { tooBusy, unmeasured });
      return reject(uuid, 'no-host', { reasons: this.#targets.refusals(check) });
    }
    const { minimumGain: least } = this.#options;
    if (best.relief >= least) return best;
    return reject(uuid, 'gains-too-little', { relief: percent(best.relief), least: percent(least) });
  }

  /** A host that would be hardly less busy than the one that is left is no gain. */
  #isBetter(from: number, toAfter: number): boolean {
    const { hasLimit } = this.#scene.demand;
    if (hasLimit && toAfter <= COMFORTABLE) return true;
    return toAfter <= from * (1 - this.#options.minimumGain) && (!hasLimit || toAfter <= 1);
  }

  #priority(victim: string): number {
    const instance = this.#scene.view.instance(victim);
    return instance === undefined ? 0 : priorityOf(instance);
  }
}

function worthOf({ instance, isVictim }: Suspect, eased: number, victims: number): number {
  const gib = (instance.flavor?.memory_mb ?? 0) / MIB_PER_GIB;
  const ofVictim = isVictim ? COSTLY_VICTIM / victims : 0;
  return eased / (1 + gib / COSTLY_GIB) / (1 + priorityOf(instance) / COSTLY_PRIORITY) / (1 + ofVictim);
}

/** A share as a whole number of percent. */
export function percent(share: number): number {
  return Math.round(share * 100);
}
