/** What becomes of a field: it is left out, kept with what is kept of its own fields, or kept as it is. */
export type Treatment = typeof LEAVE | typeof KEEP | typeof KEEP_WHOLE;
export const LEAVE = 0;
export const KEEP = 1;
export const KEEP_WHOLE = 2;

/** Large enough that few other names fall on the place of one that is kept. */
const PLACES = 8_192;

/** The hash of the characters so far and one more. */
export function hashOn(hash: number, character: number): number {
  return (Math.imul(hash, 31) + character) | 0;
}

export function hashOf(name: string): number {
  let hash = 0;
  for (let i = 0; i < name.length; i++) hash = hashOn(hash, name.charCodeAt(i));
  return hash;
}

/**
 * Tells names by their hash alone, which is made while a message is read. A name that nobody asked for may have the place of
 * one that is kept: then it is kept as well, which does no harm.
 */
export class NameFilter {
  readonly #treatments = new Uint8Array(PLACES);

  constructor(kept: readonly string[], keptWhole: readonly string[]) {
    for (const name of kept) this.#treatments[placeOf(hashOf(name))] = KEEP;
    for (const name of keptWhole) this.#treatments[placeOf(hashOf(name))] = KEEP_WHOLE;
  }

  treatmentOf(hash: number): Treatment {
    return this.#treatments[placeOf(hash)] as Treatment;
  }
}

function placeOf(hash: number): number {
  return (hash ^ (hash >>> 13) ^ (hash >>> 26)) & (PLACES - 1);
}
