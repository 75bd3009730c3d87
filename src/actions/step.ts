import type { View } from '../../model/view.ts';
import type { NovaControl } from '../openstack/nova-control.ts';
import type { Fields, ReadOptions } from '../openstack/reading-client.ts';

/** What nova says when it is asked how an action stands. */
export interface Seen {
  /** Null when there is no such server. */
  readonly server: Fields | null;
  /** The newest migration that began after nova was asked to act; null when there is none. */
  readonly migration: Fields | null;
}

/** How a step stands by nova's word. */
export type Standing =
  | { readonly kind: 'reached' }
  | { readonly kind: 'going' }
  /** Nothing shows that nova ever took it. */
  | { readonly kind: 'absent' }
  /** It was stopped because it was asked to be. */
  | { readonly kind: 'cancelled'; readonly reason: string }
  | { readonly kind: 'failed'; readonly reason: string };

/** One call to nova with what it should lead to. */
export interface Step {
  /** Names the call in records and messages. */
  readonly call: string;
  /** The server it is done to; null for something else. */
  readonly server: string | null;
  /** Calls nova; resolves with the request's id. Throws ApiError. */
  send(nova: NovaControl, options: ReadOptions): Promise<string>;
  /** The post-condition, by the model. */
  isReached(view: View): boolean;
  /** Whether the model shows nothing under way any more, so that it is worth asking nova how it ended. */
  looksOver(view: View): boolean;
  /** How it stands by what nova says. */
  judge(seen: Seen): Standing;
  /** Why nova must not be called in the state in which it shows the server; null when it may be. */
  refuses(server: Fields): string | null;
  /** Asks for it to be stopped where that is possible. */
  abort?(nova: NovaControl, seen: Seen, options: ReadOptions): Promise<void>;
}

/** The steps of an action, in order; the next is taken once the one before has reached what it should. */
export interface Procedure {
  readonly steps: readonly Step[];
  /** Taken instead of the steps after `after` when the action is cancelled there. */
  readonly undo?: { readonly after: string; readonly step: Step };
}
