import { type Clock, makeClock, tieBreak } from '../../../model/clock.ts';
import type { ElementKey } from '../../../model/element.ts';
import type { Cause, Fact, Value } from '../../../model/fact.ts';
import { foldFacts, wins } from '../../../model/join.ts';
import type { Change, ModelStore } from '../../../model/store.ts';

/** A clock of a row last changed at second 0, said at a time in microseconds. */
export function clockAt(time: number, said = ''): Clock {
  return makeClock({ updatedAt: 0, tier: 0, time, tie: tieBreak(said) });
}

export function causeAt(time: number): Cause {
  return { event: 'instance.update', id: `message-${time}`, publisher: 'nova-compute:host1', time };
}

/** A fact said at a time; facts of one time share a clock and an equal cause, as those of one message do. */
export function fact(element: ElementKey, register: string, time: number, value: Value): Fact {
  return { element, register, clock: clockAt(time), value, cause: causeAt(time) };
}

/** What a state comes to, whatever the order it is read in: `element register` → what is held. */
export type State = Record<string, unknown>;

/** The join of all facts, by the rule of model/join.ts. */
export function joined(facts: readonly Fact[]): State {
  return stateOf([...foldFacts(facts).values()].flatMap((registers) => [...registers.values()]));
}

/** Everything a store holds. */
export async function scanned(store: ModelStore): Promise<State> {
  const facts: Fact[] = [];
  for await (const batch of store.scan()) facts.push(...batch);
  return stateOf(facts);
}

function stateOf(facts: readonly Fact[]): State {
  const entries = facts.map((held) => {
    const { element, register, clock, value, cause } = held;
    return [`${element} ${register}`, { clock, value, cause: { ...cause } }] as const;
  });
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** A follower's model: joins what it is told and nothing else. */
export class Replica {
  readonly #elements = new Map<ElementKey, Map<string, Fact>>();

  apply(changes: readonly Change[]): void {
    for (const { element, facts } of changes) {
      if (facts.length === 0) this.#elements.delete(element);
      else this.load(facts);
    }
  }

  load(facts: readonly Fact[]): void {
    for (const told of facts) {
      const registers = this.#elements.get(told.element) ?? new Map<string, Fact>();
      this.#elements.set(told.element, registers);
      const held = registers.get(told.register);
      if (wins(told, held))
        registers.set(told.register, told.value === undefined ? { ...told, value: held?.value } : told);
    }
  }

  facts(): Fact[] {
    return [...this.#elements.values()].flatMap((registers) => [...registers.values()]);
  }

  state(): State {
    return stateOf(this.facts());
  }
}
