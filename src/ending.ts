/** Ends what was begun, the last first. */
export class Ending {
  readonly #ends: (() => unknown)[] = [];

  /** Notes how something is ended; it may give a promise. */
  add(end: () => unknown): void {
    this.#ends.push(end);
  }

  /** Ends everything, once, in the opposite order. What fails keeps nothing else from ending; the first failure is thrown. */
  async run(): Promise<void> {
    const failures: unknown[] = [];
    for (const end of this.#ends.splice(0).reverse()) {
      try {
        await end();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  }
}
