import type { JsonSchema } from './json-schema.ts';

/** What can be done to a cloud, by the names Watcher gave them. */
export const ACTION_TYPES = [
  'migrate',
  'stop',
  'start',
  'resize',
  'change_nova_service_state',
  'nop',
  'sleep',
] as const;

export type ActionType = (typeof ACTION_TYPES)[number];

/** A kind of action: what it does, what it has to be told, and how planning treats it. */
export interface ActionKind {
  readonly type: ActionType;
  readonly description: string;
  /** Of its input parameters. */
  readonly input: JsonSchema;
  /** Of actions that need not wait for each other the heavier one comes first. */
  readonly weight: number;
  /** Whether several may run at once; the others run alone, in the order proposed. */
  readonly parallel: boolean;
}
