import type { MigrationState } from '../../model/registers.ts';
import type { View } from '../../model/view.ts';
import type { Action } from '../audits/action.ts';
import type { LimitsConfig } from '../config/schema/engine.ts';

/** Actions that take an instance away from its user for a while, or slow it down. */
const INTERRUPTING: readonly Action['actionType'][] = ['migrate', 'stop', 'resize'];

/** An instance that is being moved or changed. */
interface UnderWay {
  readonly uuid: string;
  readonly moves: boolean;
  readonly from: string | null;
  readonly to: string | null;
}

/** What is under way in the cloud, Vigil's own actions and the migrations of others, and whether more may begin. */
export class Interruptions {
  readonly #limits: LimitsConfig;
  readonly #view: View;
  readonly #others: () => ReadonlyMap<string, MigrationState>;
  readonly #own = new Map<string, UnderWay>();

  /** `others`: the migrations that the model shows. */
  constructor(limits: LimitsConfig, view: View, others: () => ReadonlyMap<string, MigrationState>) {
    this.#limits = limits;
    this.#view = view;
    this.#others = others;
  }

  begin(action: Action): void {
    if (INTERRUPTING.includes(action.actionType)) this.#own.set(action.uuid, interruptionOf(action));
  }

  end(action: Action): void {
    this.#own.delete(action.uuid);
  }

  /**
   * Why an action has to wait, in a sentence; null when it may begin. It names the limit and not how many there are: what
   * changes each second is written and logged each second.
   */
  hold(action: Action): string | null {
    if (!INTERRUPTING.includes(action.actionType)) return null;
    const wanted = interruptionOf(action);
    const all = this.#all();
    return this.#holdMove(wanted, all) ?? this.#holdInterruption(wanted.uuid, all);
  }

  #holdMove({ moves, from, to }: UnderWay, all: readonly UnderWay[]): string | null {
    if (!moves) return null;
    const { migrations, out_of_host: out, into_host: into } = this.#limits;
    const moving = all.filter((one) => one.moves);
    if (moving.length >= migrations)
      return `${migrations} or more migrations are under way in the cloud (limits.migrations).`;
    const leaving = from === null ? 0 : moving.filter((one) => one.from === from).length;
    if (leaving >= out) return `${out} or more migrations leave ${from} (limits.out_of_host).`;
    const arriving = to === null ? 0 : moving.filter((one) => one.to === to).length;
    if (arriving >= into) return `${into} or more migrations go to ${to} (limits.into_host).`;
    return null;
  }

  #holdInterruption(uuid: string, all: readonly UnderWay[]): string | null {
    const { interrupted_per_group: perGroup, interrupted_per_project: perProject } = this.#limits;
    for (const group of this.#view.groupsOf(uuid)) {
      const count = all.filter((one) =>
        [...this.#view.groupsOf(one.uuid)].some((other) => other.uuid === group.uuid),
      ).length;
      if (count >= perGroup) {
        return `${perGroup} or more members of server group ${group.uuid} are interrupted (limits.interrupted_per_group).`;
      }
    }
    const project = this.#view.instance(uuid)?.identity?.project_id ?? null;
    if (perProject === 0 || project === null) return null;
    const count = all.filter((one) => this.#view.instance(one.uuid)?.identity?.project_id === project).length;
    if (count < perProject) return null;
    return `${perProject} or more instances of project ${project} are interrupted (limits.interrupted_per_project).`;
  }

  /** Each instance once: a migration that Vigil asked for is seen in the model too, and where nova has it go only there. */
  #all(): readonly UnderWay[] {
    const seen = this.#others();
    const all = [...this.#own.values()].map((one) => ({ ...one, to: one.to ?? seen.get(one.uuid)?.dest_host ?? null }));
    const known = new Set(all.map(({ uuid }) => uuid));
    for (const [uuid, { source_host: from, dest_host: to }] of seen) {
      if (!known.has(uuid)) all.push({ uuid, moves: true, from, to });
    }
    return all;
  }
}

function interruptionOf({ actionType, inputParameters: input }: Action): UnderWay {
  const name = (value: unknown): string | null => (typeof value === 'string' ? value : null);
  return {
    uuid: String(input.resource_id),
    moves: actionType !== 'stop',
    from: name(input.source_node),
    to: name(input.destination_node),
  };
}
