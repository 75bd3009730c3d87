import type { Clock } from './clock.ts';
import type { ElementKey } from './element.ts';

/** What a register holds: plain JSON. Values are never changed in place; a new value is a new object. */
export type Value = null | boolean | number | string | readonly Value[] | { readonly [key: string]: Value };

/** What made us believe something. One object is shared by all facts of a message or an API read. */
export interface Cause {
  /** The event type (`instance.update`) or the API read (`GET /servers/detail`). */
  readonly event: string;
  /** The notification's message id, or the request id of the API read. */
  readonly id: string;
  /** The notification's publisher id (`nova-compute:host1`), or the API's endpoint. */
  readonly publisher: string;
  /** When it was said, by the sayer's clock, in microseconds since 1970. */
  readonly time: number;
}

/**
 * One register value of one element, with its clock and its cause: the only thing the model is told.
 * In a change read from a store `value` is undefined when the register keeps its value and only its clock moved on.
 */
export interface Fact {
  readonly element: ElementKey;
  readonly register: string;
  readonly clock: Clock;
  readonly value: Value | undefined;
  readonly cause: Cause;
}
