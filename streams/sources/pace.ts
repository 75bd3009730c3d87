import { decodeEnvelope } from '../decode/envelope.ts';
import { Undecodable } from '../decode/undecodable.ts';

/** Plays times of the past again: as far apart as they were, divided by a speed. All times in milliseconds. */
export class Pace {
  readonly #speed: number;
  #start: { readonly then: number; readonly now: number } | undefined;

  /** `speed` 1 is the recording's own, 10 is ten times as fast. */
  constructor(speed: number) {
    if (!(speed > 0)) throw new RangeError(`the speed of a recording must be greater than 0, not ${speed}`);
    this.#speed = speed;
  }

  /** How long to wait at `now` for what happened at `then`; 0 if it is due, late, or happened at an unknown time. */
  delay(then: number | undefined, now: number): number {
    if (then === undefined) return 0;
    this.#start ??= { then, now };
    return Math.max(0, (then - this.#start.then) / this.#speed - (now - this.#start.now));
  }
}

/** When a bare body says that it was sent, in milliseconds since 1970; undefined if it says nothing that can be read. */
export function sentAt(body: Uint8Array): number | undefined {
  try {
    return decodeEnvelope(body).time / 1000;
  } catch (error) {
    if (error instanceof Undecodable) return undefined;
    throw error;
  }
}
