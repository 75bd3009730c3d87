import { randomUUID } from 'node:crypto';
import type { Actor } from '../state/types.ts';

/** A token of keystone. */
export interface Token {
  readonly id: string;
  readonly actor: Actor;
  readonly methods: readonly string[];
  /** Milliseconds since 1970, virtual time. */
  readonly issued: number;
  readonly expires: number;
}

const LIFETIME_MS = 3_600_000;
/** Tokens beyond so many push out the oldest. */
const KEPT = 10_000;

/** The tokens that keystone issued. */
export class Tokens {
  readonly #tokens = new Map<string, Token>();

  issue(actor: Actor, methods: readonly string[], now: number): Token {
    const token = {
      id: `gAAAAA${randomUUID().replaceAll('-', '')}`,
      actor,
      methods,
      issued: now,
      expires: now + LIFETIME_MS,
    };
    this.#tokens.set(token.id, token);
    const [oldest] = this.#tokens.keys();
    if (this.#tokens.size > KEPT && oldest !== undefined) this.#tokens.delete(oldest);
    return token;
  }

  /** The token, unless it is unknown or has expired. */
  find(id: string, now: number): Token | null {
    const token = this.#tokens.get(id);
    return token === undefined || token.expires <= now ? null : token;
  }

  /** Makes all tokens invalid, as when keystone's keys are changed. */
  revokeAll(): void {
    this.#tokens.clear();
  }
}
