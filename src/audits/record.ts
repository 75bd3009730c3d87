/** What every record that clients see has. Times are milliseconds since 1970, by the clock of the process that wrote. */
export type Stored = {
  /** Counts the records of a kind in the order of their creation, from 1. */
  readonly id: number;
  readonly uuid: string;
  readonly createdAt: number;
  readonly updatedAt: number | null;
  /** Deleted records are shown to who asks for them, until they are forgotten for good. */
  readonly deletedAt: number | null;
};

/** Who or what did something. */
export type Actor = {
  readonly kind: 'user' | 'rule' | 'webhook' | 'schedule' | 'vigil';
  /** The user's or the rule's name, or what of Vigil it was. */
  readonly name: string;
};

/** Vigil itself, acting on what it was told to do. */
export const ENGINE: Actor = { kind: 'vigil', name: 'engine' };
export const APPLIER: Actor = { kind: 'vigil', name: 'applier' };

/** A change of state; the first one, from null, is the creation. */
export type Transition<State extends string> = {
  readonly from: State | null;
  readonly to: State;
  readonly at: number;
  readonly reason: string;
  readonly by: Actor;
};

/** How many transitions a record keeps: a CONTINUOUS audit that is suspended and resumed for years must not grow. */
const MAX_TRANSITIONS = 100;

type InState = Stored & { readonly state: string; readonly history: readonly Transition<string>[] };

/** The record in another state, with the transition added to its history. */
export function moved<Record extends InState>(
  record: Record,
  to: Record['state'],
  because: { readonly reason: string; readonly by: Actor; readonly at: number },
): Record {
  const { reason, by, at } = because;
  const history = [...record.history, { from: record.state, to, at, reason, by }].slice(-MAX_TRANSITIONS);
  return { ...record, state: to, history, updatedAt: at };
}
